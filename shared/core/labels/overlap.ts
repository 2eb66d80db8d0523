/** Whether two selectors can select the same object. */
import type { LabelSelector, LabelSelectorRequirement } from '../../model/kubernetes.ts';
import { requirements } from './selector.ts';

/** `perhaps`: an object can match both, but OpenKruise takes the two for disjoint. */
export type Overlap = 'yes' | 'perhaps' | 'no';

const isPositive = ({ operator }: LabelSelectorRequirement): boolean =>
  operator === 'In' || operator === 'Exists';

/** Whether one value, or its absence, fulfils all requirements of one key. */
const isPossible = (all: LabelSelectorRequirement[]): boolean => {
  const valuesOf = (operator: string) =>
    all.filter((requirement) => requirement.operator === operator).map(({ values = [] }) => values);
  if (all.some(({ operator }) => operator === 'DoesNotExist')) return !all.some(isPositive);
  const [first, ...others] = valuesOf('In');
  if (first === undefined) return true;
  const excluded = valuesOf('NotIn').flat();
  return first.some((value) => others.every((list) => list.includes(value)) && !excluded.includes(value));
};

/** `a Exists` beside a selector that does not ask for `a`. */
const asksAlone = (left: LabelSelectorRequirement[], right: LabelSelectorRequirement[]): boolean =>
  left.some(
    ({ key, operator }) =>
      operator === 'Exists' && !right.some((other) => other.key === key && isPositive(other)),
  );

/** An absent selector selects everything. */
export const overlap = (left: LabelSelector | undefined, right: LabelSelector | undefined): Overlap => {
  if (!left || !right) return 'yes';
  const [ours, theirs] = [requirements(left), requirements(right)];
  const all = [...ours, ...theirs];
  const keys = new Set(all.map(({ key }) => key));
  const possible = [...keys].every((key) => isPossible(all.filter((requirement) => requirement.key === key)));
  if (!possible) return 'no';
  return asksAlone(ours, theirs) || asksAlone(theirs, ours) ? 'perhaps' : 'yes';
};
