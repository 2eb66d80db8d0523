/** The matchConditions of a webhook or a policy: names as labels' keys have them, expressions that compile to a bool. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { duplicate, required, tooMany } from '../errors.ts';
import { objectsAt, textAt } from '../json.ts';
import { compiledCauses } from './expressions.ts';
import { qualifiedNameCauses } from './names.ts';

const MOST = 64;

const expressionCauses = (field: string, expression: string): StatusCause[] =>
  expression.trim() === '' ? [required(field)] : compiledCauses(field, expression, { wanted: 'bool' });

const nameCauses = (field: string, name: string, earlier: string[]): StatusCause[] => {
  if (name === '') return [required(field)];
  return [...qualifiedNameCauses(field, name), ...(earlier.includes(name) ? [duplicate(field, name)] : [])];
};

export const matchConditionCauses = (holder: unknown, field: string): StatusCause[] => {
  const conditions = objectsAt(holder, 'matchConditions');
  if (conditions.length > MOST) return [tooMany(field, conditions.length, MOST)];
  const names = conditions.map((condition) => textAt(condition, 'name') ?? '');
  return conditions.flatMap((condition, index) => [
    ...expressionCauses(`${field}[${index}].expression`, textAt(condition, 'expression') ?? ''),
    ...nameCauses(`${field}[${index}].name`, names[index] ?? '', names.slice(0, index)),
  ]);
};
