import { beforeEach, describe, expect, it } from 'vitest';
import { createLaunch } from '../../../functions/launch/run.ts';
import type { ConfigMap, Pod } from '../../../shared/model/kubernetes.ts';
import { CONFIG_MAPS, PODS } from '../../../shared/model/resources.ts';
import { clusterError, createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFixedClock, type FixedClock } from '../../support/fakes.ts';
import { behind, eventFor, main, makePod, RUNNING, sidecar, statusOf, WAITING } from '../../support/pods.ts';

const POD = { namespace: 'default', name: 'job-x' };
const BARRIER = { namespace: 'default', name: 'job-x-barrier' };
const OPENED = 'serverless.sidecarset.io/launch-opened';
const OPENED_AT = 'serverless.sidecarset.io/launch-opened-at';
const AT = '2026-03-01T12:00:00Z';
const COMPLETED = 'apps.kruise.io/container-launch-priority-completed';
const CONTAINERS = [behind(100, sidecar()), behind(0, main())];

let cluster: FakeCluster;
let clock: FixedClock;
const launch = (event = eventFor('launch')) => createLaunch({ cluster, clock })(event);
const data = () => cluster.read<ConfigMap>(CONFIG_MAPS, BARRIER).data;
const annotations = () => cluster.read<Pod>(PODS, POD).metadata.annotations;

const sideReady = (metadata: Partial<Pod['metadata']> = {}): Pod =>
  makePod({
    containers: CONTAINERS,
    statuses: [statusOf('side', RUNNING, true), statusOf('main', WAITING)],
    phase: 'Pending',
    metadata,
  });

/** Its kubelet has looked for the keys. */
const waitsForKeys = (): Pod =>
  makePod({
    containers: CONTAINERS,
    statuses: [statusOf('side', WAITING), statusOf('main', WAITING)],
    phase: 'Pending',
  });

beforeEach(() => {
  cluster = createFakeCluster();
  clock = createFixedClock();
});

it('opens level by level: the key first, then the poke, and is complete with the last', async () => {
  cluster.put(PODS, makePod({ containers: CONTAINERS, phase: 'Pending' }));
  await expect(launch()).resolves.toMatchObject([{ kind: 'done', code: 'LaunchOpened' }]);
  expect(cluster.writes()).toEqual(['create configmaps']);
  expect(annotations()).toBeUndefined();

  cluster.put(PODS, sideReady({ annotations: annotations() }));
  clock.pass(2);
  await launch();
  expect(cluster.writes().slice(1)).toEqual(['patch configmaps', 'patch pods']);
  expect(data()).toEqual({ p_100: 'true', p_0: 'true' });
  expect(annotations()).toEqual({
    [OPENED]: 'p_0',
    [OPENED_AT]: '2026-03-01T12:00:02Z',
    [COMPLETED]: 'true',
  });
});

it('pokes a Pod whose kubelet has looked for the first key before it was there', async () => {
  cluster.put(PODS, makePod({ containers: CONTAINERS, phase: 'Pending' }));
  await launch();
  cluster.put(PODS, waitsForKeys());
  await expect(launch()).resolves.toMatchObject([{ code: 'LaunchOpened' }]);
  expect(cluster.writes()).toEqual(['create configmaps', 'patch pods']);
  expect(annotations()).toEqual({ [OPENED]: 'p_100', [OPENED_AT]: AT });
});

it('gives the ConfigMap to this very Pod', async () => {
  cluster.put(PODS, makePod({ containers: CONTAINERS }));
  await launch();
  expect(cluster.read(CONFIG_MAPS, BARRIER).metadata.ownerReferences).toEqual([
    { apiVersion: 'v1', kind: 'Pod', name: 'job-x', uid: 'uid-x' },
  ]);
});

it('writes nothing the second time', async () => {
  cluster.put(PODS, makePod({ containers: CONTAINERS }));
  await launch();
  const before = cluster.writes();
  await expect(launch()).resolves.toEqual([{ kind: 'done', code: 'LaunchWaiting' }]);
  expect(cluster.writes()).toEqual(before);
});

it('takes a predecessor ConfigMap over, its open levels with it', async () => {
  cluster.put(PODS, makePod({ containers: CONTAINERS }));
  cluster.put<ConfigMap>(CONFIG_MAPS, {
    metadata: {
      ...BARRIER,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'job-x', uid: 'uid-of-before' }],
    },
    data: { p_100: 'true', p_0: 'true' },
  });
  await launch();
  expect(data()).toEqual({ p_100: 'true' });
  expect(cluster.read(CONFIG_MAPS, BARRIER).metadata.ownerReferences?.[0]?.uid).toBe('uid-x');
});

it('reads and writes the ConfigMap that the barriers name', async () => {
  const containers = CONTAINERS.map((container) =>
    JSON.parse(JSON.stringify(container).replace('job-x-barrier', 'job-x-barrier-a1b2c')),
  );
  cluster.put(PODS, makePod({ containers }));
  await launch();
  expect(cluster.read<ConfigMap>(CONFIG_MAPS, { ...BARRIER, name: 'job-x-barrier-a1b2c' }).data).toEqual({
    p_100: 'true',
  });
});

describe('what it sees', () => {
  it.each([
    ['a CREATE that is not visible yet is looked at again', undefined, 0, 'TooEarly'],
    ['a Pod that is not there after the last look is gone', undefined, 3, 'ObjectGone'],
    ['a Pod that is not there though the event replaced a version is gone', '7', 0, 'ObjectGone'],
  ])('%s', async (_, resourceVersion, looks, code) => {
    await expect(launch(eventFor('launch', { resourceVersion, looks }))).resolves.toMatchObject([{ code }]);
    expect(cluster.writes()).toEqual([]);
  });

  it('is looked at again when it is the replaced version and asks for nothing', async () => {
    const { metadata } = cluster.put(PODS, makePod({ containers: CONTAINERS }));
    cluster.put<ConfigMap>(CONFIG_MAPS, {
      metadata: {
        ...BARRIER,
        ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'job-x', uid: 'uid-x' }],
      },
      data: { p_100: 'true' },
    });
    const { resourceVersion } = metadata;
    await expect(launch(eventFor('launch', { resourceVersion }))).resolves.toMatchObject([
      { kind: 'later', code: 'TooEarly', seconds: 1, event: { looks: 1 } },
    ]);
  });

  it('is looked at again within the run when the write becomes visible soon, the first time', async () => {
    const pauses: number[] = [];
    const pause = async (milliseconds: number) => {
      pauses.push(milliseconds);
      if (pauses.length === 2) cluster.put(PODS, makePod({ containers: CONTAINERS }));
    };
    const patient = createLaunch({ cluster, clock, pause });
    await expect(patient(eventFor('launch'))).resolves.toMatchObject([{ code: 'LaunchOpened' }]);
    expect(pauses).toEqual([10, 20]);
    cluster.drop(PODS, POD);
    await expect(patient(eventFor('launch', { looks: 1 }))).resolves.toMatchObject([{ code: 'TooEarly' }]);
    expect(pauses).toHaveLength(2);
  });

  it('is acted on at once when it asks for something, though it is the replaced version', async () => {
    const { metadata } = cluster.put(PODS, makePod({ containers: CONTAINERS }));
    const event = eventFor('launch', { resourceVersion: metadata.resourceVersion });
    await expect(launch(event)).resolves.toMatchObject([{ code: 'LaunchOpened' }]);
  });

  it('is left alone when it has another uid', async () => {
    cluster.put(PODS, makePod({ containers: CONTAINERS, metadata: { uid: 'uid-of-after' } }));
    await expect(launch()).resolves.toEqual([{ kind: 'done', code: 'OtherUid' }]);
    expect(cluster.writes()).toEqual([]);
  });
});

describe('a lost race', () => {
  it('for the ConfigMap is read and decided anew', async () => {
    cluster.put(PODS, waitsForKeys());
    cluster.before('create', 'configmaps', () => {
      cluster.put<ConfigMap>(CONFIG_MAPS, {
        metadata: {
          ...BARRIER,
          ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'job-x', uid: 'uid-x' }],
        },
        data: { p_100: 'true' },
      });
    });
    await launch();
    expect(cluster.writes()).toEqual(['create configmaps', 'patch pods']);
    expect(annotations()).toEqual({ [OPENED]: 'p_100', [OPENED_AT]: AT });
  });

  it('with a deletion and a new Pod of the same name pokes neither', async () => {
    cluster.put(PODS, waitsForKeys());
    cluster.before('patch', 'pods', () => {
      cluster.put(PODS, makePod({ containers: CONTAINERS, metadata: { uid: 'uid-of-after' } }));
    });
    await expect(launch()).resolves.toEqual([{ kind: 'done', code: 'OtherUid' }]);
    expect(annotations()).toBeUndefined();
  });

  it('that is lost every time ends without a fault', async () => {
    cluster.put(PODS, makePod({ containers: CONTAINERS }));
    for (let round = 0; round < 5; round += 1) {
      cluster.before('create', 'configmaps', () => {
        throw clusterError(409, 'Conflict');
      });
    }
    await expect(launch()).resolves.toEqual([{ kind: 'done', code: 'LaunchBusy' }]);
  });
});

it('fails when the API server refuses, so that the message comes back', async () => {
  cluster.put(PODS, makePod({ containers: CONTAINERS }));
  cluster.before('create', 'configmaps', () => {
    throw clusterError(403, 'Forbidden');
  });
  await expect(launch()).rejects.toThrow('Forbidden');
});
