/** `priorityStrategy`: which of the waiting Pods the SidecarSet wants to go first. */
import type { Pod } from '../../model/kubernetes.ts';
import type { UpdateStrategy } from '../../model/sidecarset.ts';
import { selects } from '../labels/selector.ts';

type Priority = NonNullable<UpdateStrategy['priorityStrategy']>;
type WeightTerms = NonNullable<Priority['weightPriority']>;
type OrderTerms = NonNullable<Priority['orderPriority']>;

/** A lower level goes first; on one level the larger number. */
interface Rank {
  level: number;
  number: bigint;
}

const MAX_INT64 = 2n ** 63n - 1n;

/** The digits at the end of a text; none, or more than OpenKruise's 64 bits can hold, are 0. */
const trailingNumber = (text: string): bigint => {
  const number = BigInt(/[0-9]*$/.exec(text)?.[0] ?? '');
  return number > MAX_INT64 ? 0n : number;
};

/** A term without a selector (written past the webhook) matches nothing. */
const byWeight =
  (terms: WeightTerms) =>
  ({ metadata: { labels } }: Pod): Rank => {
    const hits = terms.filter(({ matchSelector }) => matchSelector && selects(matchSelector, labels));
    return { level: -hits.reduce((sum, { weight = 0 }) => sum + weight, 0), number: 0n };
  };

/** A Pod with none of the keys has index -1 and so goes first, contrary to what OpenKruise documents. */
const byOrder =
  (terms: OrderTerms) =>
  ({ metadata: { labels = {} } }: Pod): Rank => {
    const level = terms.findIndex(({ orderedKey }) => orderedKey && Object.hasOwn(labels, orderedKey));
    return { level, number: trailingNumber(labels[terms[level]?.orderedKey ?? ''] ?? '') };
  };

const compare = (a: Rank, b: Rank): number => {
  if (a.level !== b.level) return a.level - b.level;
  if (a.number === b.number) return 0;
  return a.number > b.number ? -1 : 1;
};

const ranked = (line: Pod[], rankOf: (pod: Pod) => Rank): Pod[] =>
  line
    .map((pod) => ({ pod, rank: rankOf(pod) }))
    .toSorted((a, b) => compare(a.rank, b.rank))
    .map(({ pod }) => pod);

/**
 * The line in another order, as OpenKruise does it; Pods of equal rank keep theirs. By weight: the sum of the weights
 * whose selectors match, higher first. Otherwise by order: the first key that the Pod has as a label, then the number
 * at the end of the label's value, larger first.
 */
export const byPriority = (strategy: UpdateStrategy['priorityStrategy'], line: Pod[]): Pod[] => {
  const { weightPriority = [], orderPriority = [] } = strategy ?? {};
  if (weightPriority.length > 0) return ranked(line, byWeight(weightPriority));
  return orderPriority.length > 0 ? ranked(line, byOrder(orderPriority)) : line;
};
