/** What a run says about one SidecarSet. */

import { podKey } from '../../shared/core/resources/pod.ts';
import type { Plan } from '../../shared/core/rollout/plan.ts';
import { restOf, watchOver } from '../../shared/core/rollout/rest.ts';
import { summarized } from '../../shared/core/rollout/waiting.ts';
import type { ClusterEvent } from '../../shared/model/event.ts';
import type { KubernetesObject } from '../../shared/model/kubernetes.ts';
import type { Outcome } from '../../shared/model/outcome.ts';
import type { Code } from '../../shared/model/reasons.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import type { Round } from './round.ts';
import type { Written } from './writes.ts';

/** Seconds until a run that lost the claim, or could not do all, is followed by another. */
export const SOON = 1;
/** Seconds until somebody looks after a batch whose events were lost, or whose Pods do not come back. */
const WATCH = 60;
/** Seconds until a Pod is tried again that a PodDisruptionBudget did not let go. */
const BUDGET = 30;

const planDetail = ({ counts, waits, fields }: Plan): Record<string, unknown> => ({
  ...counts,
  ...(waits.length > 0 && {
    waiting: Object.fromEntries(summarized(waits).map(({ reason, pods }) => [reason, pods])),
  }),
  ...(fields.length > 0 && { fields }),
});

export const done = (code: Code, { metadata: { name } }: KubernetesObject, plan?: Plan): Outcome => ({
  kind: 'done',
  code,
  detail: { set: name, ...(plan && planDetail(plan)) },
});

export const later = (code: Code, seconds: number, event: ClusterEvent): Outcome => ({
  kind: 'later',
  code,
  seconds,
  event,
  detail: { sets: event.sets },
});

export const unfinished = (event: ClusterEvent, set: SidecarSet, seconds = SOON): Outcome =>
  later('RolloutUnfinished', seconds, restOf(event, set));

/** Names of the Pods by what became of their upgrade. */
const upgradeDetail = (upgrades: Written[]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(upgrades, ({ kind }) => kind)).map(([kind, those]) => [
      kind,
      those.map(({ pod }) => podKey(pod)),
    ]),
  );

const codeOf = ({ plan, upgrades, flips }: Round): Code => {
  const all = [...upgrades, ...flips];
  if (all.some(({ kind }) => kind === 'written' || kind === 'evicted')) return 'RolloutMoved';
  if (upgrades.some(({ kind }) => kind === 'blocked')) return 'RolloutBlocked';
  if (upgrades.some(({ kind }) => kind === 'refused')) return 'RolloutRefused';
  return plan.code === 'RolloutMoved' ? 'RolloutNothing' : plan.code;
};

/** Pods are on their way, or wait for a budget that is not ours: if nothing else leads back here, this does. */
export const watch = (
  event: ClusterEvent,
  set: SidecarSet,
  { plan, listed }: Pick<Round, 'plan' | 'listed'>,
): Outcome[] => {
  const isBlocked = plan.waits.some(({ reason }) => reason === 'DisruptionBudget');
  const isOnItsWay = plan.held.length + plan.missing > 0;
  if (!isBlocked && !isOnItsWay) return [];
  return [later('RolloutWatched', isBlocked ? BUDGET : WATCH, watchOver(event, set, listed))];
};

const pause = (writes: Written[]): number =>
  Math.max(SOON, ...writes.map((written) => (written.kind === 'throttled' ? written.seconds : 0)));

/** The outcomes of a round. A fault that hit a single Pod is thrown here, now that the status is written. */
export const afterRound = (event: ClusterEvent, set: SidecarSet, round: Round): Outcome[] => {
  const writes = [...round.upgrades, ...round.flips, ...round.conditions];
  for (const written of writes) {
    if (written.kind === 'fault') throw written.fault;
  }
  const detail = { set: set.metadata.name, ...planDetail(round.plan), ...upgradeDetail(round.upgrades) };
  if (!round.complete) return [{ ...unfinished(event, set, pause(writes)), detail }];
  return [{ kind: 'done', code: codeOf(round), detail }, ...watch(event, set, round)];
};
