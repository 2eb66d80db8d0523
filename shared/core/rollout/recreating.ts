/**
 * Evicted Pods are gone before others are in their place. How many Pods there were is remembered in the status, so that
 * the gap counts as unavailable.
 */
import type { Recreating, SidecarSet } from '../../model/sidecarset.ts';
import { beyondImage } from './beyondImage.ts';
import { unavailableLimit } from './budget.ts';

/** `maxUnavailable: 100%` has no limit. */
const MOST_PODS = 100_000;

/** If some have come in their place by then, the others are not to come: their owner has been scaled down. */
const PATIENCE_MS = 5 * 60_000;

/** Whether none has come in time: an owner that can't make Pods must not lose more. */
export const isStuck = ({ status }: SidecarSet, missing: number, now: Date): boolean => {
  const { evicted = Infinity, until = '' } = status?.recreating ?? {};
  return Date.parse(until) <= now.getTime() && missing >= evicted;
};

const remembered = (set: SidecarSet, matched: number, now: Date): number => {
  const { recreating } = set.status ?? {};
  if (recreating === undefined || recreating.pods <= matched) return 0;
  const left = Date.parse(recreating.until) - now.getTime();
  const missing = recreating.pods - matched;
  // Longer than we would wait: somebody else has written it.
  return (left > 0 && left <= PATIENCE_MS) || isStuck(set, missing, now) ? missing : 0;
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
  const missing = remembered(set, matched, now);
  const mayHaveEvicted = set.status?.claim?.interrupted && beyondImage(set).includes('recreate');
  return mayHaveEvicted ? Math.max(missing, mostEvicted(set, matched)) : missing;
};

/** `undefined` if it is not known how many a run has evicted that did not come to its end. */
const evictedSince = (before: Recreating | undefined, evicted: number): number | undefined => {
  if (before === undefined) return evicted;
  return before.evicted === undefined ? undefined : before.evicted + evicted;
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
  const before = missing > 0 ? recreating : undefined;
  const until = new Date(now.getTime() + PATIENCE_MS).toISOString();
  const goesOn = evicted === 0 && !claim?.interrupted;
  const known = claim?.interrupted ? undefined : evictedSince(before, evicted);
  return {
    pods: matched + missing,
    ...(known !== undefined && { evicted: known }),
    until: goesOn ? (before?.until ?? until) : until,
  };
};
