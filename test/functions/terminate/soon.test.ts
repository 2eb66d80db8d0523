/** A run that comes before the write that its event announces. */
import { beforeEach, expect, it } from 'vitest';
import { createTerminate } from '../../../functions/terminate/run.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { PODS } from '../../../shared/model/resources.ts';
import { createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFixedClock } from '../../support/fakes.ts';
import { ended, eventFor, main, makePod, RUNNING, sidecar, statusOf } from '../../support/pods.ts';

const jobPod = (mainState: Parameters<typeof statusOf>[1]): Pod =>
  makePod({
    containers: [main(), sidecar()],
    statuses: [statusOf('main', mainState), statusOf('side', RUNNING)],
    phase: 'Running',
    spec: {},
  });

let cluster: FakeCluster;
let pauses: number;

/** @param appearsIn the pause in which the end of the main container is written */
const run = ({ appearsIn, looks = 0 }: { appearsIn?: number; looks?: number }) => {
  const { metadata } = cluster.put(PODS, jobPod(RUNNING));
  const event = { ...eventFor('terminate', { resourceVersion: metadata.resourceVersion }), looks };
  const pause = async () => {
    pauses += 1;
    if (pauses === appearsIn) cluster.put(PODS, jobPod(ended(0)));
  };
  return createTerminate({ cluster, clock: createFixedClock(), pause, killerImage: '' })(event);
};

beforeEach(() => {
  cluster = createFakeCluster();
  pauses = 0;
});

it.each([1, 3, 5])('acts in the same run on a write that appears in its pause %i', async (appearsIn) => {
  await expect(run({ appearsIn })).resolves.toMatchObject([{ code: 'TerminationSignalled' }]);
  expect(pauses).toBe(appearsIn);
  expect(cluster.calls.filter(({ verb }) => verb === 'exec')).toHaveLength(1);
});

it('comes back by its queue when the write does not appear in the run', async () => {
  await expect(run({})).resolves.toMatchObject([{ kind: 'later', code: 'TooEarly', seconds: 1 }]);
  expect(pauses).toBe(5);
});

it('does not wait within the run any more once it has come back', async () => {
  await expect(run({ looks: 1 })).resolves.toMatchObject([{ kind: 'later', code: 'TooEarly', seconds: 5 }]);
  expect(pauses).toBe(0);
});
