import { describe, expect, it } from 'vitest';
import { type LaunchPlan, planLaunch } from '../../../../shared/core/launch/plan.ts';
import type { ConfigMap, ContainerState, Pod } from '../../../../shared/model/kubernetes.ts';
import { behind, ended, main, makePod, RUNNING, sidecar, statusOf, WAITING } from '../../../support/pods.ts';

const OPENED = 'serverless.sidecarset.io/launch-opened';
const COMPLETED = 'apps.kruise.io/container-launch-priority-completed';

const CONTAINERS = [behind(100, sidecar('side')), behind(0, main('main')), behind(-1, main('last'))];

/** Three levels; each container's state, and which are ready. */
const threeLevels = (
  states: [ContainerState, ContainerState, ContainerState],
  ready: string[],
  metadata: Partial<Pod['metadata']> = {},
): Pod =>
  makePod({
    containers: CONTAINERS,
    statuses: CONTAINERS.map(({ name }, index) =>
      statusOf(name, states[index] ?? WAITING, ready.includes(name)),
    ),
    phase: 'Pending',
    metadata,
  });

const configMap = (
  keys: string[],
  owner: Partial<{ kind: string; name: string; uid: string }> = {},
): ConfigMap => ({
  metadata: {
    name: 'job-x-barrier',
    ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'job-x', uid: 'uid-x', ...owner }],
  },
  data: Object.fromEntries(keys.map((key) => [key, 'true'])),
});

const open = (how: 'create' | 'patch' | 'replace', keys: string[], completed = false): LaunchPlan => ({
  kind: 'open',
  door: { how, keys },
  annotations: { [OPENED]: keys.at(-1) ?? '', ...(completed && { [COMPLETED]: 'true' }) },
});
const waiting: LaunchPlan = { kind: 'nothing', code: 'LaunchWaiting' };

const started = threeLevels([RUNNING, WAITING, WAITING], [], { annotations: { [OPENED]: 'p_100' } });
const firstReady = threeLevels([RUNNING, WAITING, WAITING], ['side'], { annotations: { [OPENED]: 'p_100' } });

describe('the level to open', () => {
  it.each<[string, Pod, ConfigMap | undefined, LaunchPlan]>([
    [
      'is the first for a new Pod, in a new ConfigMap',
      makePod({ containers: CONTAINERS }),
      undefined,
      open('create', ['p_100']),
    ],
    ['is none while the first is running but not ready', started, configMap(['p_100']), waiting],
    ['is the second once the first is ready', firstReady, configMap(['p_100']), open('patch', ['p_0'])],
    [
      'is the last, and the Pod is complete, once all above are ready',
      threeLevels([RUNNING, RUNNING, WAITING], ['side', 'main']),
      configMap(['p_100', 'p_0']),
      open('patch', ['p_-1'], true),
    ],
    [
      'is not the last while a level further up is not ready again',
      threeLevels([RUNNING, RUNNING, WAITING], ['main'], { annotations: { [OPENED]: 'p_0' } }),
      configMap(['p_100', 'p_0']),
      waiting,
    ],
    [
      'comes with those above it that a lost ConfigMap held',
      firstReady,
      undefined,
      open('create', ['p_100', 'p_0']),
    ],
    [
      'is written again for a Pod whose predecessor opened all levels',
      makePod({ containers: CONTAINERS }),
      configMap(['p_100', 'p_0', 'p_-1'], { uid: 'uid-of-before' }),
      open('replace', ['p_100']),
    ],
  ])('%s', (_, pod, there, expected) => {
    expect(planLaunch(pod, there)).toEqual(expected);
  });
});

describe('a container that has ended', () => {
  it.each<[string, Pod['spec']['restartPolicy'], number, LaunchPlan]>([
    ['well under Never is not waited for', 'Never', 0, open('patch', ['p_0'])],
    ['well under OnFailure is not waited for', 'OnFailure', 0, open('patch', ['p_0'])],
    ['well under Always runs again', 'Always', 0, waiting],
    ['with a failure under Never holds the next level back', 'Never', 1, waiting],
    ['with a failure under OnFailure runs again', 'OnFailure', 1, waiting],
  ])('%s', (_, restartPolicy, exitCode, expected) => {
    const pod = threeLevels([ended(exitCode), WAITING, WAITING], [], { annotations: { [OPENED]: 'p_100' } });
    expect(planLaunch({ ...pod, spec: { ...pod.spec, restartPolicy } }, configMap(['p_100']))).toEqual(
      expected,
    );
  });
});

it('pokes the Pod alone when a run ended between the key and the poke', () => {
  const pod = threeLevels([WAITING, WAITING, WAITING], []);
  expect(planLaunch(pod, configMap(['p_100']))).toEqual({
    kind: 'open',
    door: undefined,
    annotations: { [OPENED]: 'p_100' },
  });
});

it('opens equal priorities together and waits for all of them', () => {
  const containers = [behind(1, main('a')), behind(1, main('b')), behind(0, main('c'))];
  const pod = makePod({
    containers,
    statuses: [statusOf('a', RUNNING, true), statusOf('b', RUNNING, false), statusOf('c', WAITING)],
    metadata: { annotations: { [OPENED]: 'p_1' } },
  });
  expect(planLaunch(makePod({ containers }), undefined)).toEqual(open('create', ['p_1']));
  expect(planLaunch(pod, configMap(['p_1']))).toEqual(waiting);
});

it('does not wait for a container without a barrier', () => {
  const containers = [main('free'), behind(1, main('a')), behind(0, main('b'))];
  const statuses = [statusOf('free', WAITING), statusOf('a', RUNNING, true), statusOf('b', WAITING)];
  const pod = makePod({ containers, statuses });
  expect(planLaunch(pod, configMap(['p_1']))).toEqual(open('patch', ['p_0'], true));
});

it.each<[string, Pod, ConfigMap | undefined, LaunchPlan]>([
  [
    'no container has a barrier',
    makePod({ containers: [main()] }),
    undefined,
    { kind: 'nothing', code: 'LaunchNotWaiting' },
  ],
  [
    'the Pod is being deleted',
    makePod({ containers: CONTAINERS, metadata: { deletionTimestamp: '2026-03-01T12:00:00Z' } }),
    undefined,
    { kind: 'nothing', code: 'LaunchNotWaiting' },
  ],
  [
    'the Pod has failed',
    makePod({ containers: CONTAINERS, phase: 'Failed' }),
    undefined,
    { kind: 'nothing', code: 'LaunchNotWaiting' },
  ],
  [
    'the Pod is marked completed, by us or by OpenKruise',
    makePod({ containers: CONTAINERS, metadata: { annotations: { [COMPLETED]: 'true' } } }),
    undefined,
    { kind: 'nothing', code: 'LaunchComplete' },
  ],
  [
    'the ConfigMap belongs to no Pod of that name',
    makePod({ containers: CONTAINERS }),
    configMap([], { kind: 'Deployment', uid: 'other' }),
    { kind: 'nothing', code: 'LaunchForeign' },
  ],
])('does nothing when %s', (_, pod, there, expected) => {
  expect(planLaunch(pod, there)).toEqual(expected);
});
