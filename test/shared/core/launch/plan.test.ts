import { describe, expect, it } from 'vitest';
import type { LaunchPlan } from '../../../../shared/core/launch/plan.ts';
import type { ConfigMap, Pod } from '../../../../shared/model/kubernetes.ts';
import { behind, ended, main, makePod, RUNNING, statusOf, WAITING } from '../../../support/pods.ts';
import {
  COMPLETED,
  CONTAINERS,
  configMap,
  OPENED,
  OPENED_AT,
  open,
  opened,
  openFirst,
  plan,
  threeLevels,
  waiting,
} from './pods.ts';

const started = threeLevels([RUNNING, WAITING, WAITING], [], opened('p_100'));
const firstReady = threeLevels([RUNNING, WAITING, WAITING], ['side'], opened('p_100'));

describe('the level to open', () => {
  it.each<[string, Pod, ConfigMap | undefined, LaunchPlan]>([
    [
      'is the first for a new Pod, in a new ConfigMap',
      makePod({ containers: CONTAINERS }),
      undefined,
      openFirst('create', 'p_100'),
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
      threeLevels([RUNNING, RUNNING, WAITING], ['main'], opened('p_0')),
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
      openFirst('replace', 'p_100'),
    ],
  ])('%s', (_, pod, there, expected) => {
    expect(plan(pod, there)).toEqual(expected);
  });
});

describe('a container that has ended', () => {
  it.each<[string, object, LaunchPlan]>([
    ['Always, runs again', { restartPolicy: 'Always' }, waiting],
    ['OnFailure, is not waited for', { restartPolicy: 'OnFailure' }, open('patch', ['p_0'])],
    ['rules that we do not read, may run again', { restartPolicyRules: [{}] }, waiting],
  ])('well, under a policy of its own, %s', (_, own, expected) => {
    const pod = threeLevels([ended(0), WAITING, WAITING], [], opened('p_100'));
    const [first, ...others] = pod.spec.containers;
    const containers = [{ name: 'side', ...first, ...own }, ...others];
    expect(plan({ ...pod, spec: { ...pod.spec, containers } }, configMap(['p_100']))).toEqual(expected);
  });

  it.each<[string, Pod['spec']['restartPolicy'], number, LaunchPlan]>([
    ['well under Never is not waited for', 'Never', 0, open('patch', ['p_0'])],
    ['well under OnFailure is not waited for', 'OnFailure', 0, open('patch', ['p_0'])],
    ['well under Always runs again', 'Always', 0, waiting],
    ['with a failure under OnFailure runs again', 'OnFailure', 1, waiting],
  ])('%s', (_, restartPolicy, exitCode, expected) => {
    const pod = threeLevels([ended(exitCode), WAITING, WAITING], [], opened('p_100'));
    expect(plan({ ...pod, spec: { ...pod.spec, restartPolicy } }, configMap(['p_100']))).toEqual(expected);
  });
});

it('pokes the Pod alone when a container waits for a key that is there', () => {
  const pod = threeLevels([WAITING, WAITING, WAITING], []);
  expect(plan(pod, configMap(['p_100']))).toEqual({
    kind: 'open',
    door: undefined,
    write: { annotations: { [OPENED]: 'p_100', [OPENED_AT]: '2026-03-01T12:00:00Z' } },
  });
});

it.each([
  ['was never recorded', { [OPENED]: 'p_100' }],
  ['can not be read', { [OPENED]: 'p_100', [OPENED_AT]: 'yesterday' }],
])('writes the time of the opening if it %s', (_, annotations) => {
  const pod = threeLevels([WAITING, WAITING, WAITING], [], { annotations });
  expect(plan(pod, configMap(['p_100']))).toEqual({
    kind: 'open',
    door: undefined,
    write: { annotations: { [OPENED]: 'p_100', [OPENED_AT]: '2026-03-01T12:00:00Z' } },
  });
});

it('writes a key again that somebody has taken out, and pokes the Pod', () => {
  const pod = threeLevels([RUNNING, RUNNING, WAITING], ['side'], opened('p_0'));
  expect(plan(pod, configMap(['p_100']))).toEqual(open('patch', ['p_0']));
});

describe('the first level', () => {
  const creating = { waiting: { reason: 'ContainerCreating' } };
  it.each<[string, Pod, ConfigMap | undefined, LaunchPlan]>([
    [
      'is opened without a poke while the kubelet has reported nothing',
      makePod({ containers: CONTAINERS, statuses: [], phase: 'Pending' }),
      undefined,
      openFirst('create', 'p_100'),
    ],
    [
      'is opened with a poke when it has: it may look at any moment',
      threeLevels([creating, creating, creating], []),
      undefined,
      open('create', ['p_100']),
    ],
    [
      'needs no poke while its container is made',
      threeLevels([creating, creating, creating], []),
      configMap(['p_100']),
      waiting,
    ],
    [
      'needs no poke once its container runs',
      threeLevels([RUNNING, WAITING, WAITING], []),
      configMap(['p_100']),
      waiting,
    ],
  ])('%s', (_, pod, there, expected) => {
    expect(plan(pod, there)).toEqual(expected);
  });
});

it('opens equal priorities together and waits for all of them', () => {
  const containers = [behind(1, main('a')), behind(1, main('b')), behind(0, main('c'))];
  const pod = makePod({
    containers,
    statuses: [statusOf('a', RUNNING, true), statusOf('b', RUNNING, false), statusOf('c', WAITING)],
    metadata: opened('p_1'),
  });
  expect(plan(makePod({ containers }), undefined)).toEqual(openFirst('create', 'p_1'));
  expect(plan(pod, configMap(['p_1']))).toEqual(waiting);
});

it('does not wait for a container without a barrier', () => {
  const containers = [main('free'), behind(1, main('a')), behind(0, main('b'))];
  const statuses = [statusOf('free', WAITING), statusOf('a', RUNNING, true), statusOf('b', WAITING)];
  const pod = makePod({ containers, statuses });
  expect(plan(pod, configMap(['p_1']))).toEqual(open('patch', ['p_0'], true));
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
])('does nothing when %s', (_, pod, there, expected) => {
  expect(plan(pod, there)).toEqual(expected);
});
