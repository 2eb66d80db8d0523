/**
 * Evicted Pods are gone before others are in their place. How many Pods there were is remembered in the status, so that
 * the gap counts as unavailable.
 */
import type { Recreating, SidecarSet } from '../../model/sidecarset.ts';
import { beyondImage } from './beyondImage.ts';
import { unavailableLimit } from './budget.ts';

/** `maxUnavailable: 100%` has no limit. */
const MOST_PODS = 100_000;

/** An owner that has made no other Pod by then has been scaled down. */
const PATIENCE_MS = 5 * 60_000;

/** Not over, and not longer than we would wait: somebody else may have written it. */
const isExpected = (recreating: Recreating | undefined, now: Date): recreating is Recreating => {
  const left = Date.parse(recreating?.until ?? '') - now.getTime();
  return left > 0 && left <= PATIENCE_MS;
};

/** How many Pods an unknown run can have evicted at the most, so that these are left. */
const mostEvicted = (set: SidecarSet, left: number): number => {
  let evicted = unavailableLimit(set, left);
  while (unavailableLimit(set, left + evicted) > evicted && evicted < MOST_PODS) {
    evicted = unavailableLimit(set, left + evicted);
  }
  return evicted;
};

/**
 * How many Pods are missing that an eviction has taken. After a run that did not come to its end it may be as many as
 * `maxUnavailable` allows.
 */
export const missingPods = (set: SidecarSet, matched: number, now: Date): number => {
  const { recreating, claim } = set.status ?? {};
  const missing = isExpected(recreating, now) ? Math.max(0, recreating.pods - matched) : 0;
  const mayHaveEvicted = claim?.interrupted && beyondImage(set).includes('recreate');
  return mayHaveEvicted ? Math.max(missing, mostEvicted(set, matched)) : missing;
};

/**
 * What the status remembers after a run.
 *
 * @param matched Pods when the run listed them
 * @param evicted how many of them it evicted
 */
export const recreatingAfter = (
  set: SidecarSet,
  { matched, evicted }: { matched: number; evicted: number },
  now: Date,
): Recreating | undefined => {
  const missing = missingPods(set, matched, now);
  if (missing + evicted === 0) return undefined;
  const { recreating, claim } = set.status ?? {};
  const until = new Date(now.getTime() + PATIENCE_MS).toISOString();
  const goesOn = evicted === 0 && !claim?.interrupted;
  return { pods: matched + missing, until: goesOn ? (recreating?.until ?? until) : until };
};
