/** What must hold for figures to mean anything. */
import { amountOf } from '../../shared/core/rollout/amount.ts';
import type { Row } from './figures.ts';

/** Lists that a rollout may need beside those that move Pods: one to begin, one to say that it is done. */
const SPARE_LISTS = 2;

/**
 * Sentences about what is wrong; none if all is well.
 *
 * @param moved Pods that a last list has found with the new image
 */
export const problemsOf = (row: Row, moved: number): string[] => {
  const about = `${row.pods} Pods, maxUnavailable ${row.maxUnavailable}, rollout ${row.rollout}`;
  const limit = amountOf(row.maxUnavailable, row.pods) ?? 0;
  const mostLists = row.batches + row.resyncs + SPARE_LISTS;
  return [
    moved === row.pods ? [] : [`only ${moved} Pods have the new image`],
    row.highestHeld <= limit
      ? []
      : [`${row.highestHeld} Pods were unavailable or about to be at once, ${limit} were allowed`],
    row.fullLists <= mostLists
      ? []
      : [
          `${row.fullLists} full lists, ${mostLists} expected (${row.batches} batches, ${row.resyncs} resyncs, ${SPARE_LISTS} more)`,
        ],
    row.faults === 0 ? [] : [`the function logged ${row.faults} errors`],
  ]
    .flat()
    .map((problem) => `${about}: ${problem}`);
};
