/** The matchConditions of a webhook: names as labels' keys have them, expressions that compile to a bool. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { compile } from '../admission/cel/compile.ts';
import { duplicate, invalidValue, required, tooMany } from '../errors.ts';
import { type JsonObject, objectsAt, textAt } from '../json.ts';
import { qualifiedNameCauses } from './names.ts';

const MOST = 64;

const expressionCauses = (field: string, expression: string): StatusCause[] => {
  if (expression.trim() === '') return [required(field)];
  const compiled = compile(expression);
  return compiled.kind === 'refused' ? [invalidValue(field, expression, compiled.why)] : [];
};

const nameCauses = (field: string, name: string, earlier: string[]): StatusCause[] => {
  if (name === '') return [required(field)];
  return [...qualifiedNameCauses(field, name), ...(earlier.includes(name) ? [duplicate(field, name)] : [])];
};

export const matchConditionCauses = (webhook: JsonObject, field: string): StatusCause[] => {
  const conditions = objectsAt(webhook, 'matchConditions');
  if (conditions.length > MOST) return [tooMany(field, conditions.length, MOST)];
  const names = conditions.map((condition) => textAt(condition, 'name') ?? '');
  return conditions.flatMap((condition, index) => [
    ...expressionCauses(`${field}[${index}].expression`, textAt(condition, 'expression') ?? ''),
    ...nameCauses(`${field}[${index}].name`, names[index] ?? '', names.slice(0, index)),
  ]);
};
