/** Pods of three start levels, 100, 0 and -1, and their ConfigMaps. */
import { type LaunchPlan, planLaunch } from '../../../../shared/core/launch/plan.ts';
import type { Report } from '../../../../shared/core/launch/report.ts';
import type { Condition, ConfigMap, ContainerState, Pod } from '../../../../shared/model/kubernetes.ts';
import { behind, main, makePod, sidecar, statusOf, WAITING } from '../../../support/pods.ts';

export const OPENED = 'serverless.sidecarset.io/launch-opened';
export const OPENED_AT = 'serverless.sidecarset.io/launch-opened-at';
export const COMPLETED = 'apps.kruise.io/container-launch-priority-completed';
export const CONDITION = 'serverless.sidecarset.io/LaunchBlocked';
export const TOLD: Condition = { type: CONDITION, status: 'True' };

export const NOW = new Date('2026-03-01T12:00:00Z');
const SHORTLY_BEFORE = '2026-03-01T11:59:30Z';

export const plan = (pod: Pod, there: ConfigMap | undefined): LaunchPlan => planLaunch(pod, there, NOW);

/** What a run has written that opened this level. */
export const opened = (key: string, at = SHORTLY_BEFORE): Partial<Pod['metadata']> => ({
  annotations: { [OPENED]: key, [OPENED_AT]: at },
});

export const CONTAINERS = [behind(100, sidecar('side')), behind(0, main('main')), behind(-1, main('last'))];

type States = [ContainerState, ContainerState, ContainerState];

/** Each container's state, and which are ready. */
export const threeLevels = (states: States, ready: string[], metadata: Partial<Pod['metadata']> = {}): Pod =>
  makePod({
    containers: CONTAINERS,
    statuses: CONTAINERS.map(({ name }, index) =>
      statusOf(name, states[index] ?? WAITING, ready.includes(name)),
    ),
    phase: 'Pending',
    metadata,
  });

export const configMap = (
  keys: string[],
  owner: Partial<{ kind: string; name: string; uid: string }> = {},
): ConfigMap => ({
  metadata: {
    name: 'job-x-barrier',
    ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'job-x', uid: 'uid-x', ...owner }],
  },
  data: Object.fromEntries(keys.map((key) => [key, 'true'])),
});

export const open = (how: 'create' | 'patch' | 'replace', keys: string[], completed = false): LaunchPlan => ({
  kind: 'open',
  door: { how, keys },
  write: {
    annotations: {
      [OPENED]: keys.at(-1) ?? '',
      [OPENED_AT]: '2026-03-01T12:00:00Z',
      ...(completed && { [COMPLETED]: 'true' }),
    },
  },
});

/** The first level, before anybody waits for it. */
export const openFirst = (how: 'create' | 'patch' | 'replace', key: string): LaunchPlan => ({
  kind: 'open',
  door: { how, keys: [key] },
  write: { annotations: {} },
});

export const waiting: LaunchPlan = { kind: 'nothing', code: 'LaunchWaiting' };

export const reported = (decided: LaunchPlan): Report => {
  if (decided.kind !== 'report') throw new Error(JSON.stringify(decided));
  return decided;
};
