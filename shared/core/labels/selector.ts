import type { LabelSelector, LabelSelectorRequirement } from '../../model/kubernetes.ts';

type Labels = Record<string, string> | undefined;

const holds = (requirement: LabelSelectorRequirement, labels: Labels): boolean => {
  const present = labels !== undefined && Object.hasOwn(labels, requirement.key);
  const value = present ? labels[requirement.key] : undefined;
  const listed = value !== undefined && (requirement.values ?? []).includes(value);
  switch (requirement.operator) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return present;
    case 'DoesNotExist':
      return !present;
    default:
      requirement.operator satisfies never;
      return false;
  }
};

/** The `matchLabels` and `matchExpressions` of a selector as one list. */
export const requirements = (selector: LabelSelector): LabelSelectorRequirement[] => [
  ...Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): LabelSelectorRequirement => ({ key, operator: 'In', values: [value] }),
  ),
  ...(selector.matchExpressions ?? []),
];

/** Whether a selector holds for labels; an empty one holds for all (`metav1.LabelSelectorAsSelector`), an unknown operator for none. */
export const selects = (selector: LabelSelector, labels: Labels): boolean =>
  requirements(selector).every((requirement) => holds(requirement, labels));

export const isEmptySelector = (selector: LabelSelector): boolean => requirements(selector).length === 0;

const clause = ({ key, operator, values = [] }: LabelSelectorRequirement): string => {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(',')})`;
    case 'NotIn':
      return `${key} notin (${values.join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return operator satisfies never;
  }
};

/** The selector as the `labelSelector` query parameter of a list. */
export const selectorQuery = (selector: LabelSelector): string =>
  requirements(selector).map(clause).join(',');
