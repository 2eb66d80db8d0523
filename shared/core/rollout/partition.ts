import type { IntOrString } from '../../model/sidecarset.ts';
import { amountOf } from './amount.ts';

/** A percentage below 100 lets at least one Pod of several go. */
const keepsAll = (partition: IntOrString): boolean => typeof partition === 'number' || partition === '100%';

/**
 * How many waiting Pods stay on the old revision. OpenKruise counts them from the end of the waiting list, so Pods that
 * are already updated, in flight or not upgradable do not fill the partition.
 *
 * @param matched number of all matched Pods, of which a percentage is taken
 */
export const keptBack = (partition: IntOrString, matched: number): number => {
  const kept = amountOf(partition, matched) ?? matched;
  if (matched > 1 && kept === matched && !keepsAll(partition)) return matched - 1;
  return Math.min(kept, matched);
};
