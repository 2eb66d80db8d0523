import { scopesOf } from '../cel/variables.ts';
import { objectsAt, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';

/** The variables of a policy, and what its validations may name. */
export const variablesIn = (policy: ApiObject) =>
  scopesOf(
    objectsAt(policy, 'spec', 'variables').map((variable) => ({
      name: textAt(variable, 'name') ?? '',
      expression: textAt(variable, 'expression') ?? '',
    })),
  );
