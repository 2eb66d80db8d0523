/** `scatterStrategy`: Pods with the same label are spread over the line, so that a batch does not take them together. */
import type { Pod } from '../../model/kubernetes.ts';
import type { UpdateStrategy } from '../../model/sidecarset.ts';

type Term = NonNullable<UpdateStrategy['scatterStrategy']>[number];

/** Numbers of Pods that match a term and that do not. */
interface Sides {
  matching: number;
  others: number;
}

const labelOf = ({ metadata: { labels = {} } }: Pod, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

const termsOf = (pods: Pod[], key: string): Term[] =>
  pods.flatMap((pod) => {
    const value = labelOf(pod, key);
    return value === undefined ? [] : [{ key, value }];
  });

const identity = ({ key, value }: Term): string => JSON.stringify([key, value]);

/** Terms without `*` and without repetitions; one without a key (written past the webhook) matches nothing. */
const expanded = (terms: Term[], matched: Pod[]): Term[] => {
  const all = terms
    .filter(({ key }) => key)
    .flatMap(({ key, value = '' }) => (value === '*' ? termsOf(matched, key) : [{ key, value }]));
  return [...new Map(all.map((term) => [identity(term), term])).values()];
};

/**
 * Several terms take turns, the one that most Pods of the line carry first; one that none carries has no turn. One Pod
 * alone cannot be spread, and `*` can bring thousands of such terms; but an empty value matches further Pods.
 */
const inTurn = (terms: Term[], line: Pod[]): Term[] => {
  if (terms.length <= 1) return terms;
  const counts = new Map<string, number>();
  const keys = [...new Set(terms.map(({ key }) => key))];
  for (const term of keys.flatMap((key) => termsOf(line, key))) {
    counts.set(identity(term), (counts.get(identity(term)) ?? 0) + 1);
  }
  const countOf = (term: Term): number => counts.get(identity(term)) ?? 0;
  const hasTurn = (term: Term): boolean => countOf(term) > (term.value === '' ? 0 : 1);
  return terms.filter(hasTurn).toSorted((a, b) => countOf(b) - countOf(a));
};

/** Here OpenKruise takes a label that is missing for an empty one. */
const matches = ({ key, value }: Term, pod: Pod): boolean => (labelOf(pod, key) ?? '') === value;

const sidesOf = (term: Term, pods: Pod[]): Sides => {
  const matching = pods.filter((pod) => matches(term, pod)).length;
  return { matching, others: pods.length - matching };
};

/** How many Pods of each side make a group, if there are to be as many groups as the smaller side has Pods. */
const groupSizes = ({ matching, others }: Sides): Sides => {
  const groups = Math.min(matching, others);
  return { matching: Math.round(matching / groups), others: Math.round(others / groups) };
};

/**
 * The groups that the line is dealt into. If the others are scarcer among all Pods than in the line, groups are as they
 * would be for all Pods: what the line has too many of the others then goes ahead of the first group.
 */
const groupsOf = (line: Sides, all: Sides): { sizes: Sides; groups: number; ahead: number } => {
  if (all.others * line.matching >= line.others * all.matching) {
    return { sizes: groupSizes(line), groups: Math.min(line.matching, line.others), ahead: 0 };
  }
  const sizes = groupSizes(all);
  const groups = Math.floor(Math.min(line.matching / sizes.matching, line.others / sizes.others));
  return { sizes, groups, ahead: line.others - groups * sizes.others };
};

/** The last Pod that matches is the last of all and counts nowhere else. */
const dealt = (term: Term, line: Pod[], matched: Pod[]): Pod[] => {
  const matching = line.filter((pod) => matches(term, pod));
  const others = line.filter((pod) => !matches(term, pod));
  if (matching.length <= 1 || others.length <= 1) return line;
  const last = matching.splice(-1);
  const all = sidesOf(term, matched);
  const { sizes, groups, ahead } = groupsOf(
    { matching: matching.length, others: others.length },
    { ...all, matching: all.matching - 1 },
  );
  const first = others.splice(0, ahead);
  const turns = Array.from({ length: groups }, () => [
    ...matching.splice(0, sizes.matching),
    ...others.splice(0, sizes.others),
  ]);
  return [...first, ...turns.flat(), ...matching, ...others, ...last];
};

/**
 * The line in another order, as OpenKruise deals it: for each term in turn groups of Pods that match and Pods that do
 * not, in proportion.
 *
 * @param line the Pods that wait, all of them among `matched`
 * @param matched all Pods of the SidecarSet: the values behind `*`, and the proportion
 */
export const scattered = (terms: UpdateStrategy['scatterStrategy'], line: Pod[], matched: Pod[]): Pod[] =>
  inTurn(expanded(terms ?? [], matched), line).reduce((order, term) => dealt(term, order, matched), line);
