/**
 * Evicted Pods are gone before others are in their place. How many Pods there were is remembered in the status, so that
 * the gap counts as unavailable, also for the run after one that crashed.
 */
import type { Recreating, SidecarSet } from '../../model/sidecarset.ts';
import { beyondImage } from './beyondImage.ts';

/** An owner that has made no other Pod by then has been scaled down. */
const PATIENCE_MS = 5 * 60_000;

/** How many matched Pods there should be; `undefined` if nothing is ever evicted. */
const expected = (set: SidecarSet, now: Date): number | undefined => {
  if (!beyondImage(set).includes('recreate')) return undefined;
  const { recreating, matchedPods } = set.status ?? {};
  if (recreating === undefined) return matchedPods;
  return Date.parse(recreating.until) > now.getTime() ? recreating.pods : undefined;
};

/** How many Pods are missing that an eviction has taken. */
export const missingPods = (set: SidecarSet, matched: number, now: Date): number =>
  Math.max(0, (expected(set, now) ?? matched) - matched);

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
  const until = new Date(now.getTime() + PATIENCE_MS).toISOString();
  const former = evicted === 0 ? set.status?.recreating?.until : undefined;
  return { pods: matched + missing, until: former ?? until };
};
