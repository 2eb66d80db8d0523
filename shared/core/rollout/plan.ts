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
  /** Pods that were evicted and are not replaced yet. */
  missing: number;
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
  /** Those of `matched` that were upgraded just now: what their containers report is older than that. */
  justTaken?: ReadonlySet<Pod>;
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

/** Of Pods with the latest revision: what they are not yet. */
const updatedWaits = (set: SidecarSet, { matched, justTaken }: Situation): Wait[] => {
  const lacking = (pod: Pod): WaitingReason | undefined => {
    if (!justTaken?.has(pod) && failureOf(set, pod)) return 'Failing';
    if (isMigrating(set, pod)) return 'Migrating';
    if (!isConsistent(set, pod)) return 'InFlight';
    return isServing(set, pod) ? undefined : 'NotReady';
  };
  return matched.flatMap((pod) => {
    const reason = isUpdated(set, pod) ? lacking(pod) : undefined;
    return reason ? [{ pod, reason }] : [];
  });
};

/** Reasons of Pods that can't be upgraded in place. */
export const NOT_UPGRADABLE: readonly WaitingReason[] = ['BeyondImage', 'InjectionPinned', 'NotRecreatable'];

const verdict = (line: Upgrade[], taken: number): Code => {
  if (taken > 0) return 'RolloutMoved';
  return line.length > 0 ? 'RolloutWaiting' : 'RolloutNothing';
};

/** The Pods of an old revision: those that can be upgraded in the order of the rollout, and why others are not. */
const outdatedPods = (set: SidecarSet, { matched, history = [] }: Situation) => {
  const outdated = matched.filter((pod) => !isUpdated(set, pod));
  const waits: Wait[] = [];
  const ways = new Map<Pod, Way>();
  for (const pod of outdated) {
    const way = wayOf(set, pod, history);
    if (isWay(way)) ways.set(pod, way);
    else waits.push({ pod, reason: way });
  }
  const upgrades = inLine(set, [...ways.keys()], matched).map((pod) => ({ pod, way: ways.get(pod) as Way }));
  return { outdated: outdated.length, waits, upgrades };
};

const waitsFor = (upgrades: Upgrade[], reason: WaitingReason): Wait[] =>
  upgrades.map(({ pod }) => ({ pod, reason }));

/**
 * What a run does now: the Pods that wait, without those that the partition keeps, as far as `maxUnavailable` allows;
 * and why every other Pod stays as it is.
 */
export const planRollout = (set: SidecarSet, situation: Situation): Plan => {
  const { matched, missing = 0 } = situation;
  const total = matched.length + missing;
  const fields = refusedFields(set);
  const stop = standstill(set, fields);
  const { outdated, waits, upgrades: waiting } = outdatedPods(set, situation);
  const allowed = allowedByPartition(set, { waiting: waiting.length, outdated, matched: total });
  const line = stop === undefined ? waiting.slice(0, allowed) : [];
  const held = heldPods(set, matched);
  const budget = freeBudget(set, total, held.length + missing);
  const upgrades = withinBudget(set, line, budget);
  const mayFlip = stop !== 'RolloutUnhashed' && stop !== 'RolloutInvalid';
  const flips = mayFlip ? matched.filter((pod) => isFlipDue(set, pod)) : [];
  const isLeftAlone = ({ reason }: Wait): boolean => stop === undefined && NOT_UPGRADABLE.includes(reason);
  return {
    code: stop ?? verdict(line, upgrades.length + flips.length),
    counts: countPods(set, matched),
    line,
    budget,
    upgrades,
    flips,
    notUpgradable: waits.filter(isLeftAlone).map(({ pod }) => pod),
    held,
    missing,
    waits: [
      ...updatedWaits(set, situation),
      ...waitsFor(line.slice(upgrades.length), 'MaxUnavailable'),
      ...waitsFor(waiting.slice(line.length), stop === undefined ? 'Partition' : 'Stopped'),
      ...waits,
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
