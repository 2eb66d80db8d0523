/** Moves each SidecarSet of an event on by one batch. State counts, not the event. */
import { lookAgain } from '../../shared/core/forwarding/again.ts';
import { injectedSets } from '../../shared/core/resources/pod.ts';
import { isAnswered } from '../../shared/core/rollout/answered.ts';
import { claimedFor, comeBackIn, lastWrites } from '../../shared/core/rollout/claim.ts';
import { planRollout } from '../../shared/core/rollout/plan.ts';
import { missingPods } from '../../shared/core/rollout/recreating.ts';
import { isSettled } from '../../shared/core/rollout/settled.ts';
import { isHashed } from '../../shared/core/rollout/updated.ts';
import type { ClusterEvent } from '../../shared/model/event.ts';
import type { ObjectMeta, Pod } from '../../shared/model/kubernetes.ts';
import type { Outcome } from '../../shared/model/outcome.ts';
import { PODS, SIDECARSETS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import { claim } from './claim.ts';
import { outcomeOfConcern } from './concern.ts';
import type { Dependencies } from './dependencies.ts';
import { afterRound, done, later, SOON, unfinished } from './outcomes.ts';
import { takePicture } from './picture.ts';
import { playRound } from './round.ts';

export type Rollout = (event: ClusterEvent, context: { deadline: Date }) => Promise<Outcome[]>;

/** One SidecarSet's share of an event. */
interface Share {
  event: ClusterEvent;
  /** The Pod of a Pod event as it is now. */
  pod: Pod | undefined;
  deadline: Date;
}

const tooEarly = (event: ClusterEvent, seen: ObjectMeta | undefined): Outcome | undefined => {
  const look = lookAgain(event, seen?.resourceVersion);
  return look && { kind: 'later', code: 'TooEarly', ...look };
};

/** A resync announces no change: most often a run would write nothing, so it looks before it claims. */
const outcomeOfLook = async (dependencies: Dependencies, set: SidecarSet): Promise<Outcome | undefined> => {
  const { pods, history } = await takePicture(dependencies, set);
  const now = dependencies.clock.now();
  const missing = missingPods(set, pods.length, now);
  const plan = planRollout(set, { matched: pods, history, missing });
  return isSettled(set, plan, { pods, history, now }) ? done(plan.code, set, plan) : undefined;
};

/** The outcome if nothing is to be done, or not now: told without a claim. */
const withoutClaim = async (
  dependencies: Dependencies,
  set: SidecarSet,
  { event, pod, deadline }: Share,
): Promise<Outcome | undefined> => {
  const { clock } = dependencies;
  if (isAnswered(event, set, pod?.metadata)) return done('RolloutAnswered', set);
  const left = claimedFor(set, clock.now());
  if (left !== undefined) {
    return later('RolloutClaimed', comeBackIn(left, event.hops), { ...event, sets: [set.metadata.name] });
  }
  if (!isHashed(set)) return done('RolloutUnhashed', set);
  const isHint = event.ref.kind === 'SidecarSet' && event.resourceVersion === undefined;
  const outcome =
    event.ref.kind === 'Pod'
      ? await outcomeOfConcern(dependencies, set, { event, pod })
      : isHint && (await outcomeOfLook(dependencies, set));
  if (outcome) return outcome;
  return clock.now() > lastWrites(deadline).patch ? unfinished(event, set) : undefined;
};

const moveOn = async (dependencies: Dependencies, name: string, share: Share): Promise<Outcome[]> => {
  const { event, deadline } = share;
  const set = await dependencies.cluster.get<SidecarSet>(SIDECARSETS, { name });
  const early = event.ref.kind === 'SidecarSet' ? tooEarly(event, set?.metadata) : undefined;
  if (early) return [early];
  if (set === undefined || set.metadata.deletionTimestamp)
    return [done('ObjectGone', { metadata: { name } })];
  const outcome = await withoutClaim(dependencies, set, share);
  if (outcome) return [outcome];

  const claimed = await claim(dependencies, set, deadline);
  switch (claimed.kind) {
    case 'lost':
      return [later('RolloutClaimed', SOON, { ...event, sets: [name] })];
    case 'impossible':
      return [done(claimed.code, set)];
    case 'held':
      return afterRound(event, claimed.set, await playRound(dependencies, claimed.set, deadline));
    default:
      return claimed satisfies never;
  }
};

/**
 * The rollout of every SidecarSet that an event names, one after the other.
 * A fault rejects: the whole event comes back, which is harmless for what was done already.
 */
export const createRollout =
  (dependencies: Dependencies): Rollout =>
  async (event, { deadline }) => {
    const isPodEvent = event.ref.kind === 'Pod';
    const pod = isPodEvent ? await dependencies.cluster.get<Pod>(PODS, event.ref) : undefined;
    const early = isPodEvent ? tooEarly(event, pod?.metadata) : undefined;
    if (early) return [early];
    const outcomes: Outcome[] = [];
    // An eviction names the Pod and none of its SidecarSets.
    const sets = event.sets.length === 0 && pod ? injectedSets(pod) : event.sets;
    for (const name of sets) {
      outcomes.push(...(await moveOn(dependencies, name, { event, pod, deadline })));
    }
    return outcomes;
  };
