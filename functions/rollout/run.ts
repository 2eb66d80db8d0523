/** Moves each SidecarSet of an event on by one batch. State counts, not the event. */
import { lookAgain } from '../../shared/core/forwarding/again.ts';
import { injectedSets } from '../../shared/core/resources/pod.ts';
import { isAnswered } from '../../shared/core/rollout/answered.ts';
import { claimedFor, comeBackIn, lastWrites } from '../../shared/core/rollout/claim.ts';
import { planRollout } from '../../shared/core/rollout/plan.ts';
import { missingPods } from '../../shared/core/rollout/recreating.ts';
import { isSettled } from '../../shared/core/rollout/settled.ts';
import { isHashed } from '../../shared/core/rollout/updated.ts';
import { once } from '../../shared/io/once.ts';
import { underWay } from '../../shared/io/underWay.ts';
import type { ClusterEvent } from '../../shared/model/event.ts';
import type { ObjectMeta, Pod } from '../../shared/model/kubernetes.ts';
import type { Outcome } from '../../shared/model/outcome.ts';
import { PODS, SIDECARSETS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import { claim } from './claim.ts';
import { outcomeOfConcern } from './concern.ts';
import type { Dependencies } from './dependencies.ts';
import { afterRound, done, later, SOON, unfinished, watch } from './outcomes.ts';
import { takePicture } from './picture.ts';
import { playRound } from './round.ts';

export type Rollout = (event: ClusterEvent, context: { deadline: Date }) => Promise<Outcome[]>;

/** One SidecarSet's share of an event. */
interface Share {
  event: ClusterEvent;
  /** The Pod of a Pod event as it is now, read when it is asked for. */
  readPod: () => Promise<Pod | undefined>;
  readSet: (name: string) => Promise<SidecarSet | undefined>;
  deadline: Date;
}

const tooEarly = (event: ClusterEvent, seen: ObjectMeta | undefined): Outcome | undefined => {
  const look = lookAgain(event, seen?.resourceVersion);
  return look && { kind: 'later', code: 'TooEarly', ...look };
};

/** A resync announces no change: most often a run would write nothing, so it looks before it claims. */
const outcomeOfLook = async (
  dependencies: Dependencies,
  set: SidecarSet,
  event: ClusterEvent,
): Promise<Outcome[] | undefined> => {
  const { pods, history } = await takePicture(dependencies, set);
  const now = dependencies.clock.now();
  const missing = missingPods(set, pods.length, now);
  const plan = planRollout(set, { matched: pods, history, missing });
  if (!isSettled(set, plan, { pods, history, now })) return undefined;
  // A message that watches over a batch goes on doing so; a resync begins no second watch.
  const { listed } = event;
  return [done(plan.code, set, plan), ...(listed ? watch(event, set, { plan, listed }) : [])];
};

/** Somebody else works on it: the smallest answer, as a batch brings many events at once. */
const outcomeWhileClaimed = (
  { clock }: Dependencies,
  set: SidecarSet,
  event: ClusterEvent,
): Outcome[] | undefined => {
  const left = claimedFor(set, clock.now());
  if (left === undefined) return undefined;
  const own = { ...event, sets: [set.metadata.name] };
  return [later('RolloutClaimed', comeBackIn(set, left, event), own)];
};

const outcomeOfPodEvent = async (
  dependencies: Dependencies,
  set: SidecarSet,
  { event, readPod }: Share,
): Promise<Outcome[] | undefined> => {
  const claimed = outcomeWhileClaimed(dependencies, set, event);
  if (claimed) return claimed;
  const pod = await readPod();
  const own = { ...event, sets: [set.metadata.name] };
  const early = tooEarly(own, pod?.metadata);
  if (early) return [early];
  if (isAnswered(event, set, pod?.metadata)) return [done('RolloutAnswered', set)];
  const outcome = await outcomeOfConcern(dependencies, set, { event, pod });
  return outcome && [outcome];
};

const outcomeOfSetEvent = async (
  dependencies: Dependencies,
  set: SidecarSet,
  { event }: Share,
): Promise<Outcome[] | undefined> => {
  if (isAnswered(event, set, undefined)) return [done('RolloutAnswered', set)];
  const claimed = outcomeWhileClaimed(dependencies, set, event);
  if (claimed) return claimed;
  return event.resourceVersion === undefined ? outcomeOfLook(dependencies, set, event) : undefined;
};

/** The outcomes if nothing is to be done, or not now: told without a claim. */
const withoutClaim = async (
  dependencies: Dependencies,
  set: SidecarSet,
  share: Share,
): Promise<Outcome[] | undefined> => {
  const { event, deadline } = share;
  if (!isHashed(set)) return [done('RolloutUnhashed', set)];
  const outcomesOf = event.ref.kind === 'Pod' ? outcomeOfPodEvent : outcomeOfSetEvent;
  const outcomes = await outcomesOf(dependencies, set, share);
  if (outcomes) return outcomes;
  return dependencies.clock.now() > lastWrites(deadline).patch ? [unfinished(event, set)] : undefined;
};

const moveOn = async (dependencies: Dependencies, name: string, share: Share): Promise<Outcome[]> => {
  const { event, deadline, readSet } = share;
  const set = await readSet(name);
  const early = event.ref.kind === 'SidecarSet' ? tooEarly(event, set?.metadata) : undefined;
  if (early) return [early];
  if (set === undefined || set.metadata.deletionTimestamp)
    return [done('ObjectGone', { metadata: { name } })];
  const outcomes = await withoutClaim(dependencies, set, share);
  if (outcomes) return outcomes;

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
export const createRollout = (dependencies: Dependencies): Rollout => {
  const readSet = underWay((name) => dependencies.cluster.get<SidecarSet>(SIDECARSETS, { name }));
  return async (event, { deadline }) => {
    const readPod = once(() => dependencies.cluster.get<Pod>(PODS, event.ref));
    // An eviction names the Pod and none of its SidecarSets.
    const isBare = event.ref.kind === 'Pod' && event.sets.length === 0;
    const pod = isBare ? await readPod() : undefined;
    const early = isBare ? tooEarly(event, pod?.metadata) : undefined;
    if (early) return [early];
    const outcomes: Outcome[] = [];
    for (const name of pod ? injectedSets(pod) : event.sets) {
      outcomes.push(...(await moveOn(dependencies, name, { event, readPod, readSet, deadline })));
    }
    return outcomes;
  };
};
