/** Selectors and labels out of JSON; what is malformed selects nothing or is not there. */
import type { LabelSelector, LabelSelectorRequirement } from '../../../../../shared/model/kubernetes.ts';
import { at, isObject, objectsAt, stringsAt, textAt } from '../json.ts';

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

const requirement = (value: unknown): LabelSelectorRequirement => ({
  key: textAt(value, 'key') ?? '',
  // An unknown operator is read as one that no object can satisfy.
  operator: OPERATORS.find((operator) => operator === textAt(value, 'operator')) ?? 'In',
  values: stringsAt(value, 'values'),
});

export const labelsOf = (value: unknown): Record<string, string> =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};

export const selectorOf = (value: unknown): LabelSelector => ({
  matchLabels: labelsOf(at(value, 'matchLabels')),
  matchExpressions: objectsAt(value, 'matchExpressions').map(requirement),
});
