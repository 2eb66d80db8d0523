/** Moves each SidecarSet of an event on by one batch. State counts, not the event. */
import { lookAgain } from '../../shared/core/forwarding/again.ts';
import { injectedSets } from '../../shared/core/resources/pod.ts';
import { isAnswered } from '../../shared/core/rollout/answered.ts';
import { claimedFor, comeBackIn, lastWrites } from '../../shared/core/rollout/claim.ts';
import { planRollout } from '../../shared/core/rollout/plan.ts';
import { isSettled } from '../../shared/core/rollout/settled.ts';
import { isHashed } from '../../shared/core/rollout/updated.ts';
import type { Cluster } from '../../shared/io/ports.ts';
import type { ClusterEvent, ObjectRef } from '../../shared/model/event.ts';
import type { ObjectMeta } from '../../shared/model/kubernetes.ts';
import type { Outcome } from '../../shared/model/outcome.ts';
import { PODS, SIDECARSETS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import { claim } from './claim.ts';
import type { Dependencies } from './dependencies.ts';
import { afterRound, done, later, SOON, unfinished } from './outcomes.ts';
import { takePicture } from './picture.ts';
import { playRound } from './round.ts';

export type Rollout = (event: ClusterEvent, context: { deadline: Date }) => Promise<Outcome[]>;

const podMetadata = async (
  cluster: Cluster,
  { namespace, name }: ObjectRef,
): Promise<ObjectMeta | undefined> => {
  const found = await cluster.listMetadata(PODS, { namespace, fieldSelector: `metadata.name=${name}` });
  return found.items[0]?.metadata;
};

const tooEarly = (event: ClusterEvent, seen: ObjectMeta | undefined): Outcome | undefined => {
  const look = lookAgain(event, seen?.resourceVersion);
  return look && { kind: 'later', code: 'TooEarly', ...look };
};

/** The outcome if a run would write nothing, or may not write now. */
const withoutClaim = async (
  { cluster, clock }: Dependencies,
  event: ClusterEvent,
  set: SidecarSet,
  deadline: Date,
): Promise<Outcome | undefined> => {
  const left = claimedFor(set, clock.now());
  if (left !== undefined) {
    return later('RolloutClaimed', comeBackIn(left, event.hops), { ...event, sets: [set.metadata.name] });
  }
  if (!isHashed(set)) return done('RolloutUnhashed', set);
  const picture = await takePicture(cluster, set);
  const plan = planRollout(set, picture.pods);
  if (isSettled(set, plan, picture)) return done(plan.code, set, plan);
  return clock.now() > lastWrites(deadline).patch ? unfinished(event, set) : undefined;
};

/** One SidecarSet's share of the event; `pod` is the Pod of a Pod event as it is now. */
const moveOn = async (
  dependencies: Dependencies,
  event: ClusterEvent,
  { name, pod, deadline }: { name: string; pod: ObjectMeta | undefined; deadline: Date },
): Promise<Outcome> => {
  const set = await dependencies.cluster.get<SidecarSet>(SIDECARSETS, { name });
  const early = event.ref.kind === 'SidecarSet' ? tooEarly(event, set?.metadata) : undefined;
  if (early) return early;
  if (set === undefined || set.metadata.deletionTimestamp) return done('ObjectGone', { metadata: { name } });
  if (isAnswered(event, set, pod)) return done('RolloutAnswered', set);
  const outcome = await withoutClaim(dependencies, event, set, deadline);
  if (outcome) return outcome;

  const claimed = await claim(dependencies, set, deadline);
  switch (claimed.kind) {
    case 'lost':
      return later('RolloutClaimed', SOON, { ...event, sets: [name] });
    case 'impossible':
      return done(claimed.code, set);
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
    const pod = isPodEvent ? await podMetadata(dependencies.cluster, event.ref) : undefined;
    const early = isPodEvent ? tooEarly(event, pod) : undefined;
    if (early) return [early];
    const outcomes: Outcome[] = [];
    // An eviction names the Pod and none of its SidecarSets.
    const sets = event.sets.length === 0 && pod ? injectedSets({ metadata: pod }) : event.sets;
    for (const name of sets) outcomes.push(await moveOn(dependencies, event, { name, pod, deadline }));
    return outcomes;
  };
