import type { LabelSelector, LabelSelectorRequirement, StatusCause } from '../../model/kubernetes.ts';
import { isEmptySelector } from '../labels/selector.ts';
import { forbidden, invalid, notOneOf, required } from './cause.ts';
import { labelKey, labelValue } from './names.ts';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

const values = ({ operator, values: given }: LabelSelectorRequirement, field: string): StatusCause[] => {
  const listed = given ?? [];
  const wantsValues = operator === 'In' || operator === 'NotIn';
  if (wantsValues && listed.length === 0) return [required(field, `${operator} needs values`)];
  if (!wantsValues && listed.length > 0) return [forbidden(field, `${operator} takes no values`)];
  return listed.flatMap((value, index) => labelValue(value, `${field}[${index}]`));
};

const expression = (requirement: LabelSelectorRequirement, field: string): StatusCause[] => {
  const key = labelKey(requirement.key, `${field}.key`);
  if (!OPERATORS.includes(requirement.operator))
    return [...key, notOneOf(`${field}.operator`, requirement.operator, OPERATORS)];
  return [...key, ...values(requirement, `${field}.values`)];
};

/** A selector that would select everything is refused: it is left out, or it says something. */
export const validateSelector = (selector: LabelSelector, field: string): StatusCause[] => {
  if (isEmptySelector(selector)) return [invalid(field, 'an empty selector is not allowed')];
  const labels = Object.entries(selector.matchLabels ?? {}).flatMap(([key, value]) => [
    ...labelKey(key, `${field}.matchLabels`),
    ...labelValue(value, `${field}.matchLabels[${key}]`),
  ]);
  const expressions = (selector.matchExpressions ?? []).flatMap((requirement, index) =>
    expression(requirement, `${field}.matchExpressions[${index}]`),
  );
  return [...labels, ...expressions];
};
