/** A start that does not go on. */
import { beforeEach, expect, it } from 'vitest';
import { createLaunch } from '../../../functions/launch/run.ts';
import type { ConfigMap, Pod } from '../../../shared/model/kubernetes.ts';
import { CONFIG_MAPS, EVENTS, PODS } from '../../../shared/model/resources.ts';
import { clusterError, createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFixedClock, type FixedClock } from '../../support/fakes.ts';
import {
  behind,
  ended,
  eventFor,
  main,
  makePod,
  RUNNING,
  sidecar,
  statusOf,
  WAITING,
} from '../../support/pods.ts';

const POD = { namespace: 'default', name: 'job-x' };
const BARRIER = { namespace: 'default', name: 'job-x-barrier' };
const OPENED = 'serverless.sidecarset.io/launch-opened';
const OPENED_AT = 'serverless.sidecarset.io/launch-opened-at';
const COMPLETED = 'apps.kruise.io/container-launch-priority-completed';
const CONTAINERS = [behind(100, sidecar()), behind(0, main())];

let cluster: FakeCluster;
let clock: FixedClock;
const launch = () => createLaunch({ cluster, clock })(eventFor('launch'));
const annotations = () => cluster.read<Pod>(PODS, POD).metadata.annotations;
const CONDITION = 'serverless.sidecarset.io/LaunchBlocked';
const put = (side: Pod['status'], annotations: Record<string, string>): Pod => {
  const pod = makePod({ containers: CONTAINERS, phase: 'Pending', metadata: { annotations } });
  const spec = { ...pod.spec, nodeName: 'node' };
  return cluster.put(PODS, { ...pod, spec, status: { ...pod.status, ...side } });
};
const statuses = (...containerStatuses: ReturnType<typeof statusOf>[]) => ({ containerStatuses });
const opened = { [OPENED]: 'p_100', [OPENED_AT]: '2026-03-01T12:00:00Z' };
const condition = () =>
  cluster.read<Pod>(PODS, POD).status?.conditions?.find(({ type }) => type === CONDITION);

beforeEach(() => {
  cluster = createFakeCluster();
  clock = createFixedClock();
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name: 'job-x', uid: 'uid-x' }];
  cluster.put<ConfigMap>(CONFIG_MAPS, {
    metadata: { ...BARRIER, ownerReferences },
    data: { p_100: 'true' },
  });
});

it('tells once that a level does not become ready, and takes it back when it opens the next', async () => {
  put(statuses(statusOf('side', RUNNING), statusOf('main', WAITING)), opened);
  await expect(launch()).resolves.toEqual([{ kind: 'done', code: 'LaunchWaiting' }]);
  clock.pass(300);
  await expect(launch()).resolves.toEqual([{ kind: 'done', code: 'LaunchBlocked' }]);
  expect(cluster.writes()).toEqual(['create events', 'patch pods/status']);
  expect(condition()).toMatchObject({ status: 'True', reason: 'LevelNotReady' });
  clock.pass(3600);
  await expect(launch()).resolves.toEqual([{ kind: 'done', code: 'LaunchWaiting' }]);
  expect(cluster.writes()).toHaveLength(2);

  const containerStatuses = [statusOf('side', RUNNING, true), statusOf('main', WAITING)];
  await cluster.patch(PODS, POD, { status: { containerStatuses } }, { type: 'merge', subresource: 'status' });
  await expect(launch()).resolves.toMatchObject([{ code: 'LaunchOpened' }]);
  expect(cluster.writes().slice(3)).toEqual(['patch configmaps', 'patch pods/status']);
  expect(condition()).toMatchObject({ status: 'False', reason: 'LevelOpened' });
  expect(annotations()).toMatchObject({ [OPENED]: 'p_0', [COMPLETED]: 'true' });
});

it('tells it though the Event is there already: that run ended before the condition', async () => {
  const metadata = { name: 'uid-x.launch-blocked.level100', namespace: 'default' };
  cluster.put(EVENTS, { metadata });
  put(statuses(statusOf('side', RUNNING)), opened);
  clock.pass(300);
  await expect(launch()).resolves.toEqual([{ kind: 'done', code: 'LaunchBlocked' }]);
  expect(condition()).toMatchObject({ status: 'True' });
});

it('fails the Pod when a container has failed for good, and is done with it', async () => {
  put(statuses(statusOf('side', ended(1)), statusOf('main', WAITING)), opened);
  await expect(launch()).resolves.toEqual([{ kind: 'done', code: 'LaunchFailed' }]);
  expect(cluster.writes()).toEqual(['create events', 'patch pods/status']);
  expect(cluster.read<Pod>(PODS, POD)).toMatchObject({
    metadata: { annotations: { ...opened, 'serverless.sidecarset.io/launch-failed': 'side' } },
    status: { phase: 'Failed', reason: 'LaunchFailed' },
  });
  await expect(launch()).resolves.toEqual([{ kind: 'done', code: 'LaunchNotWaiting' }]);
});

it('decides anew when the Pod has changed meanwhile', async () => {
  put(statuses(statusOf('side', ended(1)), statusOf('main', WAITING)), opened);
  cluster.before('patch', 'pods/status', () => {
    put({ phase: 'Failed' }, opened);
  });
  await expect(launch()).resolves.toEqual([{ kind: 'done', code: 'LaunchNotWaiting' }]);
});

it('fails when its Event is refused, so that the message comes back', async () => {
  put(statuses(statusOf('side', ended(1)), statusOf('main', WAITING)), opened);
  cluster.before('create', 'events', () => {
    throw clusterError(403, 'Forbidden');
  });
  await expect(launch()).rejects.toThrow('Forbidden');
});
