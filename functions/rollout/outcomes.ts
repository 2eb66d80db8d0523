/** What a run says about one SidecarSet. */
import type { Plan } from '../../shared/core/rollout/plan.ts';
import { restOf } from '../../shared/core/rollout/rest.ts';
import type { ClusterEvent } from '../../shared/model/event.ts';
import type { KubernetesObject, Pod } from '../../shared/model/kubernetes.ts';
import type { Outcome } from '../../shared/model/outcome.ts';
import type { Code } from '../../shared/model/reasons.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import type { Round } from './round.ts';
import type { Written } from './upgrade.ts';

/** Seconds until a run that lost the claim, or could not do all, is followed by another. */
export const SOON = 1;

const planDetail = ({ counts, notUpgradable, fields }: Plan): Record<string, unknown> => ({
  ...counts,
  ...(notUpgradable.length > 0 && { notUpgradable: notUpgradable.length }),
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

export const unfinished = (event: ClusterEvent, set: SidecarSet): Outcome =>
  later('RolloutUnfinished', SOON, restOf(event, set));

const nameOf = ({ metadata: { namespace, name } }: Pod): string => `${namespace}/${name}`;

/** Names of the Pods by what became of their upgrade. */
const upgradeDetail = (upgrades: Written[]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(upgrades, ({ kind }) => kind)).map(([kind, those]) => [
      kind,
      those.map(({ pod }) => nameOf(pod)),
    ]),
  );

const codeOf = ({ plan, upgrades }: Round): Code => {
  if (upgrades.some(({ kind }) => kind === 'written')) return 'RolloutMoved';
  if (upgrades.some(({ kind }) => kind === 'refused')) return 'RolloutRefused';
  return plan.code === 'RolloutMoved' ? 'RolloutNothing' : plan.code;
};

/** The outcome of a round. A fault that hit a single Pod is thrown here, now that the status is written. */
export const afterRound = (event: ClusterEvent, set: SidecarSet, round: Round): Outcome => {
  for (const written of [...round.upgrades, ...round.conditions]) {
    if (written.kind === 'fault') throw written.fault;
  }
  const detail = { set: set.metadata.name, ...planDetail(round.plan), ...upgradeDetail(round.upgrades) };
  if (!round.complete) return { ...unfinished(event, set), detail };
  return { kind: 'done', code: codeOf(round), detail };
};
