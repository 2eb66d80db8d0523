/** One batch of a rollout. */
import type { ControllerRevision, Pod } from '../../model/kubernetes.ts';
import type { Code } from '../../model/reasons.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import type { WaitingReason } from '../../model/waiting.ts';
import { validateRollout } from '../validation/rollout.ts';
import { freeBudget, heldPods, withinBudget } from './budget.ts';
import { isConsistent } from './consistent.ts';
import { type Counts, countPods } from './counts.ts';
import { failureOf } from './failure.ts';
import { isFlipDue, isMigrating } from './hotUpgrade.ts';
import { allowedByPartition, inLine } from './line.ts';
import { isServing } from './ready.ts';
import { isHashed, isUpdated } from './updated.ts';
import { isWay, type Way, wayOf } from './ways.ts';

export interface Upgrade {
  pod: Pod;
  way: Way;
}

/** A Pod that is not where the rollout wants it, and why. */
export interface Wait {
  pod: Pod;
  reason: WaitingReason;
}

export interface Plan {
  code: Code;
  counts: Counts;
  /** What partition and selector let go, in order. */
  line: Upgrade[];
  /** How many serving Pods of the line may be taken now. */
  budget: number;
  /** The first of the line: those to upgrade now. */
  upgrades: Upgrade[];
  /** Pods whose hot upgrade is finished now. They are out already. */
  flips: Pod[];
  /** Pods that differ in more than images and are left alone. */
  notUpgradable: Pod[];
  /** Pods that an upgrade holds: taken and not back. */
  held: Pod[];
  /** In the order of the rollout. */
  waits: Wait[];
  /** Paths of the fields behind `RolloutInvalid`. */
  fields: string[];
}

export interface Situation {
  /** All Pods of the SidecarSet, see `matchedPods`. */
  matched: Pod[];
  /** ControllerRevisions, oldest first. */
  history?: ControllerRevision[];
  /** Pods that were evicted and are not replaced yet. */
  missing?: number;
}

/**
 * Field paths of what validation would have refused. Whoever wrote it past the webhook is told so: upgrading without it
 * could take the wrong Pods.
 */
const refusedFields = (set: SidecarSet): string[] => validateRollout(set).flatMap(({ field }) => field ?? []);

/** Why nothing moves, whatever the Pods look like. */
const standstill = (set: SidecarSet, fields: string[]): Code | undefined => {
  if (!isHashed(set)) return 'RolloutUnhashed';
  if (fields.length > 0) return 'RolloutInvalid';
  if (set.spec.updateStrategy?.type === 'NotUpdate') return 'RolloutFrozen';
  return set.spec.updateStrategy?.paused ? 'RolloutPaused' : undefined;
};

/** Of a Pod with the latest revision: what it is not yet. */
const lacking = (set: SidecarSet, pod: Pod): WaitingReason[] => {
  if (isMigrating(set, pod)) return ['Migrating'];
  if (failureOf(set, pod)) return ['Failing'];
  if (!isConsistent(set, pod)) return ['InFlight'];
  return isServing(set, pod) ? [] : ['NotReady'];
};

/** Reasons of Pods that can't be upgraded in place. */
export const NOT_UPGRADABLE: readonly WaitingReason[] = ['BeyondImage', 'InjectionPinned', 'NotRecreatable'];

const verdict = (line: Upgrade[], taken: number): Code => {
  if (taken > 0) return 'RolloutMoved';
  return line.length > 0 ? 'RolloutWaiting' : 'RolloutNothing';
};

/**
 * What a run does now: the Pods that wait, without those that the partition keeps, as far as `maxUnavailable` allows;
 * and why every other Pod stays as it is.
 */
export const planRollout = (set: SidecarSet, situation: Situation): Plan => {
  const { matched, history = [], missing = 0 } = situation;
  const fields = refusedFields(set);
  const stop = standstill(set, fields);
  const outdated = matched.filter((pod) => !isUpdated(set, pod));
  const ways = new Map(outdated.map((pod) => [pod, wayOf(set, pod, history)]));
  const waitsFor = (pod: Pod): Wait[] => {
    const way = ways.get(pod);
    return way === undefined || isWay(way) ? [] : [{ pod, reason: way }];
  };
  const waiting = outdated.filter((pod) => isWay(ways.get(pod) ?? 'NotSelected'));
  const ordered = inLine(set, waiting, matched).map((pod) => ({ pod, way: ways.get(pod) as Way }));
  const allowed = allowedByPartition(set, {
    waiting: waiting.length,
    outdated: outdated.length,
    matched: matched.length,
  });
  const line = stop === undefined ? ordered.slice(0, allowed) : [];
  const held = heldPods(set, matched);
  const budget = freeBudget(set, matched.length, held.length + missing);
  const upgrades = withinBudget(set, line, budget);
  const flips = matched.filter((pod) => isFlipDue(set, pod));
  const rest = (from: Upgrade[], reason: WaitingReason): Wait[] => from.map(({ pod }) => ({ pod, reason }));
  return {
    code: stop ?? verdict(line, upgrades.length + flips.length),
    counts: countPods(set, matched),
    line,
    budget,
    upgrades,
    flips: stop === 'RolloutUnhashed' || stop === 'RolloutInvalid' ? [] : flips,
    notUpgradable:
      stop === undefined
        ? outdated.filter((pod) => NOT_UPGRADABLE.includes(ways.get(pod) as WaitingReason))
        : [],
    held,
    waits: [
      ...matched.flatMap((pod) =>
        isUpdated(set, pod) ? lacking(set, pod).map((reason) => ({ pod, reason })) : [],
      ),
      ...rest(line.slice(upgrades.length), 'MaxUnavailable'),
      ...rest(
        stop === undefined ? ordered.slice(allowed) : ordered,
        stop === undefined ? 'Partition' : 'Stopped',
      ),
      ...outdated.flatMap(waitsFor),
    ],
    fields,
  };
};

/** The plan where the API server has said no to some Pods: they wait for that reason, and no run takes them at once. */
export const withReasons = (plan: Plan, reasons: ReadonlyMap<Pod, WaitingReason>): Plan => ({
  ...plan,
  upgrades: plan.upgrades.filter(({ pod }) => !reasons.has(pod)),
  waits: [
    ...plan.waits.filter(({ pod }) => !reasons.has(pod)),
    ...[...reasons].map(([pod, reason]) => ({ pod, reason })),
  ],
});
