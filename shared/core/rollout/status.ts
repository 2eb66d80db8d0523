import { sameJson } from '../../model/json.ts';
import type { InFlight, SidecarSet, SidecarSetStatus } from '../../model/sidecarset.ts';
import { podKey } from '../resources/pod.ts';
import { conditionsAfter } from './conditions.ts';
import type { Plan } from './plan.ts';
import { recreatingAfter } from './recreating.ts';
import { summarized } from './waiting.ts';

export interface Findings {
  /** The plan for the Pods as they are after the writes. */
  plan: Plan;
  /** How many Pods were listed, and how many of them evicted. */
  matched: number;
  evicted: number;
  /** Name of the latest ControllerRevision. */
  latestRevision: string;
  collisionCount: number;
  /** A write of a Pod may have taken effect, or not. */
  isDoubtful: boolean;
  now: Date;
}

/** When the Pods were listed, if the run did all it had to. */
export interface Listed {
  listed: string;
  at: Date;
}

/** The last of the Pods on their way: those that were taken last come back last, most likely. */
const MOST_NAMES = 100;

const inFlight = ({ held }: Plan): InFlight => ({
  pods: held.length,
  names: held.slice(-MOST_NAMES).map(podKey),
});

/** All of the status but who holds the claim and what was listed. */
const told = (
  set: SidecarSet,
  findings: Findings,
): Omit<SidecarSetStatus, 'observedGeneration' | 'claim'> => {
  const { plan, matched, evicted, latestRevision, collisionCount, now } = findings;
  const waiting = summarized(plan.waits);
  return {
    ...plan.counts,
    // OpenKruise leaves this one out when it is 0.
    updatedReadyPods: plan.counts.updatedReadyPods || undefined,
    latestRevision,
    collisionCount,
    conditions: conditionsAfter(set, plan, now),
    waiting: waiting.length > 0 ? waiting : undefined,
    recreating: recreatingAfter(set, { matched, evicted }, now),
  };
};

/**
 * The status after a run, claim given up. `observedGeneration` is the generation that the run worked on.
 *
 * @param seen absent if the run could not do all: the former list stays the last one, and so does the former
 * `observedGeneration`, or the event that comes back for the rest would count as answered
 */
export const statusAfter = (
  set: SidecarSet,
  findings: Findings,
  seen: Listed | undefined,
): SidecarSetStatus => {
  const { listed, at } = set.status?.claim ?? {};
  return {
    observedGeneration: seen ? set.metadata.generation : set.status?.observedGeneration,
    ...told(set, findings),
    claim: {
      listed: seen?.listed ?? listed,
      at: seen ? seen.at.toISOString() : at,
      inFlight: inFlight(findings.plan),
      ...(findings.isDoubtful && { interrupted: true }),
    },
  };
};

/** Whether the stored status says the same already. */
export const isTold = (set: SidecarSet, findings: Findings): boolean => {
  const { status } = set;
  if (status === undefined || status.observedGeneration !== set.metadata.generation) return false;
  const { observedGeneration: _, claim, ...stored } = status;
  return (
    !claim?.interrupted &&
    sameJson(stored, told(set, findings)) &&
    sameJson(claim?.inFlight, inFlight(findings.plan))
  );
};
