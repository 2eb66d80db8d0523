/** What native sidecars count for. */
import { expect, it } from 'vitest';
import { podStatus } from '../../../../../../infra/local/cluster/node/pod/status.ts';
import type { RunView } from '../../../../../../infra/local/cluster/node/views.ts';
import type { PodSpec } from '../../../../../../shared/model/kubernetes.ts';
import { named, two } from './natives.ts';
import { later, run, snapshot, T0 } from './views.ts';

const verdict = (spec: PodSpec, views: Record<string, RunView>, started = Object.keys(views)) =>
  podStatus({
    pod: { metadata: { name: 'web' }, spec },
    snapshot: snapshot(named(views)),
    waiting: new Map(),
    started: new Set(started),
    ready: new Set(started),
    over: false,
    isLate: false,
    podIp: '10.244.0.2',
    startTime: T0,
    before: {},
    now: later(60),
  });

it.each<[string, string, Record<string, RunView>, string[]?]>([
  ['one sidecar has started', 'Pending', { s1: run() }],
  ['both sidecars have started', 'Pending', { s1: run(), s2: run() }],
  ['one runs and has not started', 'Pending', { s1: run(), s2: run() }, ['s1']],
  ['all run', 'Running', { s1: run(), s2: run(), main: run() }],
  [
    'one is started again beside the main container',
    'Running',
    { s1: run(), s2: run(), main: run() },
    ['s2', 'main'],
  ],
  ['one has failed beside the main container', 'Running', { s1: run(1), s2: run(), main: run() }],
  ['sidecars outlive the main container', 'Running', { s1: run(), s2: run(), main: run(0) }],
  ['all have ended, sidecars with 143 and 137', 'Succeeded', { s1: run(143), s2: run(137), main: run(0) }],
  ['the main container has failed, sidecars have not', 'Failed', { s1: run(0), s2: run(0), main: run(1) }],
])('when %s the phase is %s', (_, phase, views, started) => {
  expect(verdict(two(), views, started).phase).toBe(phase);
});

const condition = (type: string, views: Record<string, RunView>, started?: string[]) =>
  verdict(two(), views, started).status.conditions?.find((found) => found.type === type);

it.each<[string, string, Record<string, RunView>, string[] | undefined, object]>([
  [
    'not Initialized before the last sidecar has started',
    'Initialized',
    { s1: run(), s2: run() },
    ['s1'],
    { status: 'False', message: 'containers with incomplete status: [s2]' },
  ],
  [
    'Initialized when all sidecars have',
    'Initialized',
    { s1: run(), s2: run() },
    undefined,
    { status: 'True' },
  ],
  [
    'still Initialized when one is started again',
    'Initialized',
    { s1: run(1), s2: run(), main: run() },
    undefined,
    { status: 'True' },
  ],
  [
    'not Ready while a sidecar is not',
    'Ready',
    { s1: run(), s2: run(), main: run() },
    ['s2', 'main'],
    { status: 'False', message: 'containers with unready status: [s1]' },
  ],
  [
    'Ready with all ready',
    'ContainersReady',
    { s1: run(), s2: run(), main: run() },
    undefined,
    { status: 'True' },
  ],
])('a Pod is %s', (_, type, views, started, expected) => {
  expect(condition(type, views, started)).toMatchObject(expected);
});

it('a sidecar has the status of an init container, with what a main container has', () => {
  const { status } = verdict(two(), { s1: run(undefined, { attempt: 2 }) });
  expect(status.initContainerStatuses).toMatchObject([
    {
      name: 's1',
      started: true,
      ready: true,
      restartCount: 2,
      imageID: 'app@sha256:1',
      state: { running: {} },
    },
    { name: 's2', started: false, ready: false, state: { waiting: { reason: 'PodInitializing' } } },
  ]);
  expect(status.containerStatuses).toMatchObject([{ state: { waiting: { reason: 'PodInitializing' } } }]);
});
