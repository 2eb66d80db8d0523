import { beforeEach, describe, expect, it } from 'vitest';
import { createTerminate } from '../../../functions/terminate/run.ts';
import { triesOf } from '../../../shared/core/termination/tries.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { PODS } from '../../../shared/model/resources.ts';
import { createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFixedClock, type FixedClock } from '../../support/fakes.ts';
import {
  BY_EXIT_IMAGE,
  ended,
  eventFor,
  main,
  makePod,
  RUNNING,
  sidecar,
  statusOf,
  WAITING,
} from '../../support/pods.ts';
import { OK, POD } from './world.ts';

let cluster: FakeCluster;
let clock: FixedClock;
const terminate = (event = eventFor('terminate')) =>
  createTerminate({ cluster, clock, killerImage: 'registry/killer:1' })(event);
const tries = () => triesOf(cluster.read<Pod>(PODS, POD));
const signalled = () => cluster.calls.filter(({ verb }) => verb === 'exec').map(({ name }) => name);

const jobPod = (mainState = ended(0), sideState = RUNNING, parts: Partial<Pod['spec']> = {}): Pod =>
  makePod({
    containers: [main(), sidecar()],
    statuses: [statusOf('main', mainState), statusOf('side', sideState)],
    phase: 'Running',
    spec: { terminationGracePeriodSeconds: 20, ...parts },
  });

beforeEach(() => {
  cluster = createFakeCluster();
  clock = createFixedClock('2026-03-01T12:00:00.700Z');
});

it('records the try, then signals PID 1 through a shell, and comes back after the grace period and five seconds', async () => {
  cluster.put(PODS, jobPod());
  let recordedBefore: unknown;
  cluster.onExec = async () => {
    recordedBefore = tries();
    return OK;
  };
  await expect(terminate()).resolves.toMatchObject([
    { kind: 'later', code: 'TerminationSignalled', seconds: 26, detail: { containers: ['side'] } },
  ]);
  expect(recordedBefore).toEqual({
    side: [{ strategy: 'exec', attempt: 1, at: '2026-03-01T12:00:00Z', restarts: 0 }],
  });
  expect(cluster.calls.at(-1)).toMatchObject({
    name: 'job-x/side',
    body: ['/bin/sh', '-c', 'kill -TERM 1'],
  });
  expect(cluster.writes()).toEqual(['patch pods']);
});

it('says why it chose the strategy', async () => {
  cluster.put(PODS, jobPod());
  await expect(terminate()).resolves.toMatchObject([
    { detail: { why: ['exec: process 1 of the container can be asked to end'] } },
  ]);
});

it('signals all sidecars beside each other', async () => {
  cluster.put(
    PODS,
    makePod({
      containers: [main(), sidecar('a'), sidecar('b')],
      statuses: [statusOf('main', ended(0)), statusOf('a', RUNNING), statusOf('b', RUNNING)],
      phase: 'Running',
    }),
  );
  let waiting = 0;
  let release: () => void = () => undefined;
  const both = new Promise<void>((resolve) => {
    release = resolve;
  });
  cluster.onExec = async () => {
    waiting += 1;
    if (waiting === 2) release();
    await both;
    return OK;
  };
  await expect(terminate()).resolves.toMatchObject([{ detail: { containers: ['a', 'b'] } }]);
  expect(cluster.writes()).toEqual(['patch pods']);
});

it('swaps one image and signals another sidecar with one write', async () => {
  cluster.put(
    PODS,
    makePod({
      containers: [main(), sidecar('a', [BY_EXIT_IMAGE]), sidecar('b')],
      statuses: [statusOf('main', ended(0)), statusOf('a', RUNNING), statusOf('b', RUNNING)],
      phase: 'Running',
    }),
  );
  await expect(terminate()).resolves.toMatchObject([
    { kind: 'later', code: 'TerminationSignalled', seconds: 36, detail: { containers: ['b'] } },
    { kind: 'done', code: 'TerminationSwapped', detail: { containers: ['a'] } },
  ]);
  expect(cluster.writes()).toEqual(['patch pods']);
  expect(cluster.read<Pod>(PODS, POD).spec.containers.map(({ image }) => image)).toEqual([
    'registry/main:1',
    'registry/exit:1',
    'registry/b:1',
  ]);
});

it('adds an ephemeral container where there is no shell, with two records and what became of the signal', async () => {
  cluster.put(PODS, jobPod());
  cluster.onExec = async () => ({ ...OK, exitCode: 127, stderr: 'not found' });
  await terminate();
  expect(cluster.writes()).toEqual([
    'patch pods',
    'patch pods',
    'patch pods',
    'patch pods/ephemeralcontainers',
  ]);
  expect(tries()).toMatchObject({
    side: [
      { strategy: 'exec', attempt: 1, outcome: 'refused' },
      { strategy: 'ephemeral', attempt: 2, killer: 'sidecarset-end-1' },
    ],
  });
  expect(cluster.read<Pod>(PODS, POD).spec.ephemeralContainers).toMatchObject([
    { name: 'sidecarset-end-1', image: 'registry/killer:1', targetContainerName: 'side' },
  ]);
});

describe('what it sees', () => {
  it.each<[string, Pod | undefined, string]>([
    ['no Pod', undefined, 'ObjectGone'],
    ['a Pod of another uid', { ...jobPod(), metadata: { ...POD, uid: 'uid-of-after' } }, 'OtherUid'],
    ['a main container that runs', jobPod(RUNNING), 'TerminationMainsRunning'],
    ['sidecars that have ended', jobPod(ended(0), ended(0)), 'TerminationOver'],
    [
      'a sidecar without a process',
      jobPod(ended(0), WAITING, { restartPolicy: 'OnFailure' }),
      'TerminationNotRunning',
    ],
  ])('%s ends without a write or a signal', async (_, pod, code) => {
    if (pod) cluster.put(PODS, pod);
    const event = eventFor('terminate', { resourceVersion: '1' });
    await expect(terminate(event)).resolves.toMatchObject([{ kind: 'done', code }]);
    expect([...cluster.writes(), ...signalled()]).toEqual([]);
  });

  it('is looked at again when the announced end of the main container is not visible yet', async () => {
    const { metadata } = cluster.put(PODS, jobPod(RUNNING));
    const event = eventFor('terminate', { resourceVersion: metadata.resourceVersion });
    await expect(terminate(event)).resolves.toMatchObject([
      { kind: 'later', code: 'TooEarly', seconds: 1, event: { looks: 1 } },
    ]);
  });

  it.each([
    ['ended', ended(143), 'TerminationOver'],
    ['waits to be started', WAITING, 'TerminationNotRunning'],
  ])('is looked at again while the sidecar %s, its announced start not visible yet', async (_, state, code) => {
    const { metadata } = cluster.put(PODS, jobPod(ended(0), state, { restartPolicy: 'OnFailure' }));
    const event = eventFor('terminate', { resourceVersion: metadata.resourceVersion });
    await expect(terminate(event)).resolves.toMatchObject([
      { kind: 'later', code: 'TooEarly', seconds: 1, event: { looks: 1 } },
    ]);
    await expect(terminate({ ...event, looks: 3 })).resolves.toMatchObject([{ kind: 'done', code }]);
  });

  it('is acted on where it calls for action, visible or not', async () => {
    const { metadata } = cluster.put(PODS, jobPod());
    const event = eventFor('terminate', { resourceVersion: metadata.resourceVersion });
    await expect(terminate(event)).resolves.toMatchObject([{ code: 'TerminationSignalled' }]);
  });
});
