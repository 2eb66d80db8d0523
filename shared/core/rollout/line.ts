/** The line of the Pods that wait: in which order they are upgraded, and how many stay on the old revision. */
import type { Pod } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { podKey } from '../resources/pod.ts';
import { isBroken } from './budget.ts';
import { inUpgradeOrder } from './order.ts';
import { keptBack } from './partition.ts';
import { byPriority } from './priority.ts';
import { scattered } from './scatter.ts';

/** As the API server lists them, so that the order in which values are met does not change. */
const byKey = (pods: Pod[]): Pod[] => pods.toSorted((a, b) => (podKey(a) < podKey(b) ? -1 : 1));

/**
 * OpenKruise's order: whose loss costs least, then by priority, then scattered. Ours: before all of them the Pods that
 * an earlier upgrade has broken, so that a fixed image reaches them first.
 */
export const inLine = (set: SidecarSet, waiting: Pod[], matched: Pod[]): Pod[] => {
  const { priorityStrategy, scatterStrategy } = set.spec.updateStrategy ?? {};
  const ordered = byPriority(priorityStrategy, inUpgradeOrder(waiting));
  const line = scatterStrategy?.length ? scattered(scatterStrategy, ordered, byKey(matched)) : ordered;
  const broken = new Set(line.filter((pod) => isBroken(set, pod)));
  return [...broken, ...line.filter((pod) => !broken.has(pod))];
};

/**
 * How many of the line may go. Without a selector that is OpenKruise's rule: the partition is filled from the end of the
 * line. With one (which OpenKruise refuses) it is filled by every Pod that stays on the old revision, selected or not.
 */
export const allowedByPartition = (
  { spec: { updateStrategy = {} } }: SidecarSet,
  { waiting, outdated, matched }: { waiting: number; outdated: number; matched: number },
): number => {
  const kept = keptBack(updateStrategy.partition ?? 0, matched);
  const old = updateStrategy.selector ? outdated : waiting;
  return Math.min(waiting, Math.max(0, old - kept));
};
