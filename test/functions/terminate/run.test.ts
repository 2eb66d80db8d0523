import { beforeEach, describe, expect, it } from 'vitest';
import { createTerminate } from '../../../functions/terminate/run.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { EVENTS, PODS } from '../../../shared/model/resources.ts';
import { clusterError, createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFixedClock, type FixedClock } from '../../support/fakes.ts';
import { ended, eventFor, main, makePod, RUNNING, sidecar, statusOf, WAITING } from '../../support/pods.ts';

const POD = { namespace: 'default', name: 'job-x' };
const RECORD = 'serverless.sidecarset.io/termination';

let cluster: FakeCluster;
let clock: FixedClock;
const terminate = (event = eventFor('terminate')) => createTerminate({ cluster, clock })(event);
const tries = () =>
  JSON.parse(cluster.read<Pod>(PODS, POD).metadata.annotations?.[RECORD] ?? '{}') as Record<string, unknown>;
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

it('records the try, then signals PID 1 through a shell, and comes back after the grace period', async () => {
  cluster.put(PODS, jobPod());
  let recordedBefore: unknown;
  cluster.onExec = async () => {
    recordedBefore = tries();
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  await expect(terminate()).resolves.toMatchObject([
    { kind: 'later', code: 'TerminationSignalled', seconds: 21, detail: { containers: ['side'] } },
  ]);
  expect(recordedBefore).toEqual({ side: { strategy: 'exec', attempt: 1, at: '2026-03-01T12:00:00Z' } });
  expect(cluster.calls.at(-1)).toMatchObject({
    name: 'job-x/side',
    body: ['/bin/sh', '-c', 'kill -TERM 1'],
  });
});

it('does not signal again when the event is repeated within the grace period', async () => {
  cluster.put(PODS, jobPod());
  await terminate();
  clock.pass(3);
  await expect(terminate()).resolves.toMatchObject([
    { kind: 'later', code: 'TerminationWaiting', seconds: 18 },
  ]);
  expect(signalled()).toEqual(['job-x/side']);
});

it('signals a sidecar that does not end three times, then tells the owner of the Pod once', async () => {
  cluster.put(PODS, jobPod());
  for (let round = 0; round < 5; round += 1) {
    await terminate();
    clock.pass(21);
  }
  expect(signalled()).toHaveLength(3);
  await expect(terminate()).resolves.toMatchObject([{ kind: 'done', code: 'TerminationGivenUp' }]);
  const event = cluster.read(EVENTS, { namespace: 'default', name: 'uid-x.side.given-up' });
  expect(event).toMatchObject({
    type: 'Warning',
    reason: 'TerminationGivenUp',
    involvedObject: { kind: 'Pod', name: 'job-x', uid: 'uid-x' },
  });
  expect(event).toHaveProperty('message', expect.stringContaining('sidecar side'));
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
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  await expect(terminate()).resolves.toMatchObject([{ detail: { containers: ['a', 'b'] } }]);
  expect(cluster.writes()).toEqual(['patch pods']);
});

describe('a signal', () => {
  it.each([
    ['that the shell could not send', 1],
    ['in a container without a shell', 127],
  ])('%s is a failed try, repeated after 5 s', async (_, exitCode) => {
    cluster.put(PODS, jobPod());
    cluster.onExec = async () => ({ exitCode, stdout: '', stderr: 'no such thing' });
    await expect(terminate()).resolves.toMatchObject([
      {
        kind: 'later',
        code: 'TerminationFailed',
        seconds: 5,
        detail: { why: [`exit code ${exitCode}: no such thing`] },
      },
    ]);
    expect(tries()).toMatchObject({ side: { attempt: 1, failed: true } });
    clock.pass(5);
    await terminate();
    expect(tries()).toMatchObject({ side: { attempt: 2 } });
  });

  it('that the API server refused is a failed try', async () => {
    cluster.put(PODS, jobPod());
    cluster.onExec = () => Promise.reject(clusterError(500, 'InternalError', 'the node does not answer'));
    await expect(terminate()).resolves.toMatchObject([
      { code: 'TerminationFailed', detail: { why: ['the node does not answer'] } },
    ]);
  });

  it.each([
    ['whose shell went with PID 1', 137],
    ['whose connection ended early', undefined],
  ])('%s may have arrived: the sidecar has its grace period', async (_, exitCode) => {
    cluster.put(PODS, jobPod());
    cluster.onExec = async () => ({ exitCode, stdout: '', stderr: '' });
    await expect(terminate()).resolves.toMatchObject([{ code: 'TerminationSignalled' }]);
    expect(tries()).toEqual({ side: { strategy: 'exec', attempt: 1, at: '2026-03-01T12:00:00Z' } });
  });

  it('whose failure can not be recorded waits for the grace period', async () => {
    cluster.put(PODS, jobPod());
    cluster.onExec = async () => {
      cluster.put(PODS, cluster.read<Pod>(PODS, POD));
      return { exitCode: 1, stdout: '', stderr: '' };
    };
    await expect(terminate()).resolves.toMatchObject([{ code: 'TerminationFailed' }]);
    expect(tries()).toEqual({ side: { strategy: 'exec', attempt: 1, at: '2026-03-01T12:00:00Z' } });
  });
});

it('of two runs at once only one signals', async () => {
  cluster.put(PODS, jobPod());
  cluster.before('patch', 'pods', async () => {
    await terminate();
  });
  await expect(terminate()).resolves.toMatchObject([{ code: 'TerminationWaiting' }]);
  expect(signalled()).toEqual(['job-x/side']);
});

it('does not signal after a write of somebody else that ended the reason for it', async () => {
  cluster.put(PODS, jobPod());
  cluster.before('patch', 'pods', () => void cluster.put(PODS, jobPod(ended(0), ended(0))));
  await expect(terminate()).resolves.toEqual([{ kind: 'done', code: 'TerminationOver' }]);
  expect(signalled()).toEqual([]);
});

describe('what it sees', () => {
  it.each<[string, Pod | undefined, string]>([
    ['no Pod', undefined, 'ObjectGone'],
    ['a Pod of another uid', { ...jobPod(), metadata: { ...POD, uid: 'uid-of-after' } }, 'OtherUid'],
    ['a main container that runs', jobPod(RUNNING), 'TerminationMainsRunning'],
    [
      'a shared process namespace',
      jobPod(ended(0), RUNNING, { shareProcessNamespace: true }),
      'TerminationForeign',
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
});
