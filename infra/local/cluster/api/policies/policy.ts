/** A ValidatingAdmissionPolicy, ready to be evaluated. */

import { conditionsOf } from '../admission/conditions.ts';
import { ruleOf } from '../admission/hooks.ts';
import type { Scope } from '../admission/match.ts';
import { type Expression, expressionOf, type Variables } from '../cel/compile.ts';
import { judge, judgeAll, reasonOf } from '../cel/judge.ts';
import { at, type JsonObject, objectsAt, textAt } from '../json.ts';
import { selectorOf } from '../kinds/selectorOf.ts';
import type { ApiObject } from '../objects.ts';
import { variablesIn } from './variables.ts';

export interface Validation extends Expression {
  /** What is said when it is false. */
  message: string;
  reason: string;
}

export interface Policy {
  name: string;
  scope: Scope;
  ignoresFailure: boolean;
  conditions: Expression[];
  variables: (Expression & { name: string })[];
  validations: Validation[];
}

export const scopeOf = (resources: unknown): Scope => ({
  rules: objectsAt(resources, 'resourceRules').map(ruleOf),
  namespaceSelector: selectorOf(at(resources, 'namespaceSelector')),
  objectSelector: selectorOf(at(resources, 'objectSelector')),
  matchesEquivalent: textAt(resources, 'matchPolicy') !== 'Exact',
});

export const policyOf = (policy: ApiObject): Policy => {
  const { variables, after } = variablesIn(policy);
  return {
    name: policy.metadata.name,
    scope: scopeOf(at(policy, 'spec', 'matchConstraints')),
    ignoresFailure: textAt(policy, 'spec', 'failurePolicy') === 'Ignore',
    conditions: conditionsOf(at(policy, 'spec')),
    variables: variables.map(({ name, expression, before }) => ({
      ...expressionOf(expression, { wanted: 'any', variables: before }),
      name,
    })),
    validations: objectsAt(policy, 'spec', 'validations').map((one) => {
      const expression = expressionOf(textAt(one, 'expression') ?? '', { wanted: 'bool', variables: after });
      return {
        ...expression,
        message: textAt(one, 'message') || `failed expression: ${expression.text.trim()}`,
        reason: textAt(one, 'reason') ?? 'Invalid',
      };
    }),
  };
};

export interface Violation {
  message: string;
  reason: string;
}

const evaluated = (name: string, { evaluate }: Expression, variables: Variables): unknown => {
  try {
    return evaluate(variables);
  } catch (error) {
    throw new Error(`composited variable "${name}" fails to evaluate: ${reasonOf(error)}`);
  }
};

/** Each is evaluated when it is first asked for. */
const lazily = (policy: Policy, given: Variables): Variables => {
  const values: JsonObject = Object.create(null);
  const all = { ...given, variables: values };
  for (const { name, ...expression } of policy.variables) {
    let known: { value: unknown } | undefined;
    const get = () => {
      known ??= { value: evaluated(name, expression, all) };
      return known.value;
    };
    Object.defineProperty(values, name, { enumerable: true, get });
  }
  return all;
};

const failure = (policy: Policy, message: string): Violation[] =>
  policy.ignoresFailure ? [] : [{ message, reason: 'Invalid' }];

const violationOf = (policy: Policy, validation: Validation, variables: Variables): Violation[] => {
  const verdict = judge(validation, variables);
  if ('fault' in verdict) return failure(policy, verdict.fault);
  return verdict.holds ? [] : [{ message: validation.message, reason: validation.reason }];
};

/** What the policy has against a request that is in its scope. */
export const violations = (policy: Policy, given: Variables): Violation[] => {
  const matched = judgeAll(policy.conditions, given);
  if (matched.kind === 'no') return [];
  if (matched.kind === 'failed') return failure(policy, matched.why);
  const variables = lazily(policy, given);
  return policy.validations.flatMap((validation) => violationOf(policy, validation, variables));
};
