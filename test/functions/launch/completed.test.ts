/** A Pod with all start levels open costs nothing more. */
import { beforeEach, expect, it } from 'vitest';
import { createLaunch } from '../../../functions/launch/run.ts';
import { createResync } from '../../../functions/resync/run.ts';
import { forward } from '../../../shared/core/forwarding/forward.ts';
import type { AdmissionRequest } from '../../../shared/model/admission.ts';
import type { ContainerStatus, Pod } from '../../../shared/model/kubernetes.ts';
import { PODS } from '../../../shared/model/resources.ts';
import { createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFakeBus, createFakeLog, createFixedClock } from '../../support/fakes.ts';
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
const clock = createFixedClock();

let cluster: FakeCluster;
const launch = () => createLaunch({ cluster, clock })(eventFor('launch'));

/** What the node reports of the two containers. */
const report = (...containerStatuses: ContainerStatus[]) =>
  cluster.patch(PODS, POD, { status: { containerStatuses } }, { type: 'merge', subresource: 'status' });

beforeEach(async () => {
  cluster = createFakeCluster();
  const metadata = { annotations: { 'kruise.io/sidecarset-injected-list': 'logs' } };
  const containers = [behind(100, sidecar()), behind(0, main())];
  cluster.put(PODS, makePod({ containers, phase: 'Pending', metadata, spec: { restartPolicy: 'Always' } }));
  await launch();
  await report(statusOf('side', RUNNING, true), statusOf('main', WAITING));
  await launch();
});

it.each<[string, ContainerStatus[]]>([
  ['starts its last container', [statusOf('side', RUNNING, true), statusOf('main', RUNNING, true)]],
  ['is not ready again', [statusOf('side', RUNNING), statusOf('main', RUNNING)]],
  ['crashes', [statusOf('side', ended(1)), statusOf('main', ended(1))]],
  ['waits for a container that can not be made', [statusOf('side', WAITING), statusOf('main', WAITING)]],
])('no event calls for launch when it %s', async (_, statuses) => {
  const before = cluster.read<Pod>(PODS, POD);
  const after = await report(...statuses);
  const request: AdmissionRequest = {
    uid: 'review-1',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    subResource: 'status',
    namespace: 'default',
    operation: 'UPDATE',
    userInfo: {},
    object: after,
    oldObject: before,
  };
  const decision = forward(request, { cluster: 'test', at: '2026-03-01T12:00:00Z' });
  expect(decision.kind === 'event' ? decision.event.calls : []).not.toContain('launch');
});

it('resync sends nothing about it, though it is Pending until its last container runs', async () => {
  const bus = createFakeBus();
  await createResync({ name: 'test', cluster, bus, clock, log: createFakeLog() })({ what: 'pods' });
  expect(bus.published).toEqual([]);
});

it('an event that was on its way costs one read', async () => {
  cluster.calls.length = 0;
  await expect(launch()).resolves.toEqual([{ kind: 'done', code: 'LaunchComplete' }]);
  expect(cluster.calls).toEqual([{ verb: 'get', resource: 'pods', name: 'job-x' }]);
});
