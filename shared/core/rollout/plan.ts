/** One batch of a rollout. */
import type { Pod } from '../../model/kubernetes.ts';
import type { Code } from '../../model/reasons.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { unsupportedRollout } from '../validation/unsupported.ts';
import { validateUpdateStrategy } from '../validation/updateStrategy.ts';
import { freeBudget, withinBudget } from './budget.ts';
import { isInFlight } from './consistent.ts';
import { type Counts, countPods } from './counts.ts';
import { inUpgradeOrder } from './order.ts';
import { keptBack } from './partition.ts';
import { isHashed, isUpdated, isUpgradable } from './updated.ts';

export interface Plan {
  code: Code;
  counts: Counts;
  /** Pods to patch now, in order. */
  upgrades: Pod[];
  /** Pods that differ in more than images: they stay until their owner recreates them. */
  notUpgradable: Pod[];
  /** Paths of the fields behind `RolloutUnsupported`. */
  fields: string[];
}

/**
 * Field paths of what validation would have refused. Whoever wrote it past the webhook is told so: upgrading without it
 * could take the wrong Pods.
 */
const refusedFields = (set: SidecarSet): string[] =>
  [...unsupportedRollout(set), ...validateUpdateStrategy(set.spec.updateStrategy)].flatMap(
    ({ field }) => field ?? [],
  );

/** Why nothing moves, whatever the Pods look like. */
const standstill = (set: SidecarSet): Code | undefined => {
  if (!isHashed(set)) return 'RolloutUnhashed';
  if (refusedFields(set).length > 0) return 'RolloutUnsupported';
  if (set.spec.updateStrategy?.type === 'NotUpdate') return 'RolloutFrozen';
  return set.spec.updateStrategy?.paused ? 'RolloutPaused' : undefined;
};

const verdict = (allowed: Pod[], upgrades: Pod[]): Code => {
  if (upgrades.length > 0) return 'RolloutMoved';
  return allowed.length > 0 ? 'RolloutWaiting' : 'RolloutNothing';
};

/**
 * What a run does now: the Pods that wait, without those that the partition keeps, as far as `maxUnavailable` allows.
 *
 * @param matched all Pods of the SidecarSet, see `matchedPods`
 */
export const planRollout = (set: SidecarSet, matched: Pod[]): Plan => {
  const counts = countPods(set, matched);
  const stop = standstill(set);
  if (stop !== undefined) {
    return { code: stop, counts, upgrades: [], notUpgradable: [], fields: refusedFields(set) };
  }
  const outdated = matched.filter((pod) => !isUpdated(set, pod));
  const waiting = outdated.filter((pod) => isUpgradable(set, pod) && !isInFlight(set, pod));
  const kept = keptBack(set.spec.updateStrategy?.partition ?? 0, matched.length);
  const allowed = inUpgradeOrder(waiting).slice(0, Math.max(0, waiting.length - kept));
  const upgrades = withinBudget(allowed, freeBudget(set, matched));
  const notUpgradable = outdated.filter((pod) => !isUpgradable(set, pod));
  return { code: verdict(allowed, upgrades), counts, upgrades, notUpgradable, fields: [] };
};
