import { beforeEach, expect, it } from 'vitest';
import { createResync } from '../../../functions/resync/run.ts';
import type { ObjectMeta, Pod } from '../../../shared/model/kubernetes.ts';
import { PODS, SIDECARSETS } from '../../../shared/model/resources.ts';
import { createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFakeBus, createFakeLog, createFixedClock, type FakeBus } from '../../support/fakes.ts';
import { main, makePod } from '../../support/pods.ts';

const INJECTED = { 'kruise.io/sidecarset-injected-list': 'logs,mesh' };
const MANAGED = { 'serverless.sidecarset.io/managed': 'true' };
const COMPLETED = { 'apps.kruise.io/container-launch-priority-completed': 'true' };

let cluster: FakeCluster;
let bus: FakeBus;
const resync = (input: unknown) =>
  createResync({ name: 'test', cluster, bus, clock: createFixedClock(), log: createFakeLog() })(input);

type Phase = NonNullable<Pod['status']>['phase'];

const put = (
  name: string,
  phase: Phase,
  restartPolicy: Pod['spec']['restartPolicy'],
  metadata: Partial<ObjectMeta> = {},
): void => {
  const parts = { annotations: INJECTED, ...metadata, name, uid: `uid-${name}` };
  cluster.put(PODS, makePod({ containers: [main()], phase, metadata: parts, spec: { restartPolicy } }));
};

const called = () => bus.published.map(({ calls, ref }) => `${calls} ${ref.name}`).sort();

beforeEach(() => {
  cluster = createFakeCluster();
  bus = createFakeBus();
});

it('calls terminate for running Pods that can end, and launch for Pods that are starting', async () => {
  put('job-running', 'Running', 'Never');
  put('retry-running', 'Running', 'OnFailure');
  put('service-running', 'Running', 'Always');
  put('job-pending', 'Pending', 'Never');
  put('service-pending', 'Pending', 'Always');
  put('job-over', 'Succeeded', 'Never');
  await resync({ what: 'pods' });
  expect(called()).toEqual([
    'launch job-pending',
    'launch service-pending',
    'terminate job-running',
    'terminate retry-running',
  ]);
});

it('calls for Pods that are marked as managed without a SidecarSet, and for no others', async () => {
  put('managed', 'Running', 'Never', { annotations: MANAGED });
  put('foreign', 'Running', 'Never', { annotations: {} });
  await resync({ what: 'pods' });
  expect(called()).toEqual(['terminate managed']);
});

it('leaves out Pods that are being deleted, left alone, or have all start levels open', async () => {
  put('deleted', 'Running', 'Never', { deletionTimestamp: '2026-03-01T12:00:00Z' });
  put('system', 'Running', 'Never', { namespace: 'kube-system' });
  put('open', 'Pending', 'Never', { annotations: { ...INJECTED, ...COMPLETED } });
  put('open-running', 'Running', 'Never', { annotations: { ...INJECTED, ...COMPLETED } });
  await resync({ what: 'pods' });
  expect(called()).toEqual(['terminate open-running']);
});

it('sends what an event of that Pod would say, but for the version', async () => {
  put('job', 'Running', 'Never');
  await resync({ what: 'pods' });
  expect(bus.published).toEqual([
    {
      v: 1,
      cluster: 'test',
      ref: { kind: 'Pod', namespace: 'default', name: 'job', uid: 'uid-job' },
      sets: ['logs', 'mesh'],
      calls: ['terminate'],
      hops: 0,
      looks: 0,
      at: '2026-03-01T12:00:00.000Z',
    },
  ]);
});

it('calls rollout for every SidecarSet', async () => {
  cluster.put(SIDECARSETS, { metadata: { name: 'logs' } });
  cluster.put(SIDECARSETS, { metadata: { name: 'mesh' } });
  await resync({ what: 'sidecarsets' });
  expect(called()).toEqual(['rollout logs', 'rollout mesh']);
  expect(bus.published.map(({ sets }) => sets)).toEqual([['logs'], ['mesh']]);
});

it('reads metadata only and writes nothing', async () => {
  await resync({ what: 'pods' });
  await resync({ what: 'sidecarsets' });
  expect(new Set(cluster.calls.map(({ verb }) => verb))).toEqual(new Set(['listMetadata']));
});

it.each([
  [{ what: 'nodes' }, '"nodes"'],
  [{}, 'undefined'],
  ['pods', 'undefined'],
  [null, 'undefined'],
])('refuses the input %j by name', async (input, named) => {
  await expect(resync(input)).rejects.toThrow(`what: must be pods or sidecarsets, not ${named}`);
});

it('fails when the bus does not take the events', async () => {
  put('job', 'Running', 'Never');
  bus.fault = new Error('the bus is down');
  await expect(resync({ what: 'pods' })).rejects.toThrow('the bus is down');
});
