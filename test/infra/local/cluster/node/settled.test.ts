/** Pods that end by more than their containers: a phase from outside, a deadline. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Pod, PodSpec, PodStatus } from '../../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../../shared/model/resources.ts';
import { SIDECARS } from '../../../../support/sidecarImages.ts';
import { type Bench, SIDECAR, script, startBench, statusOf } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const settle = (pod: Pod, phase: NonNullable<PodStatus['phase']>) =>
  bench.client.patch<Pod>(
    PODS,
    pod.metadata,
    {
      metadata: { annotations: { note: 'mine' } },
      status: { phase, conditions: [{ type: 'SidecarTerminated', status: 'True' }] },
    },
    { type: 'strategic', subresource: 'status' },
  );

const allEnded = ({ containerStatuses = [] }: PodStatus) =>
  containerStatuses.every(({ state }) => state?.terminated);

it.each<['Succeeded' | 'Failed', string, number]>([
  ['Succeeded', SIDECARS.exits143, 143],
  ['Failed', SIDECARS.exits0, 0],
  ['Succeeded', SIDECARS.ignoresTerm, 137],
])('a Pod that somebody has called %s is ended (%s), and stays so', async (phase, image, exitCode) => {
  const pod = await bench.run({ containers: [script('main', 'exit 0'), { name: 'side', image }] });
  await bench.up(pod, 'side');
  await settle(pod, phase);
  const ended = await bench.until(pod, allEnded);
  expect(statusOf(ended, 'side').state?.terminated?.exitCode).toBe(exitCode);
  expect(ended.status).toMatchObject({
    phase,
    conditions: expect.arrayContaining([
      expect.objectContaining({ type: 'SidecarTerminated', status: 'True' }),
      expect.objectContaining({ type: 'Ready', status: 'False' }),
    ]),
  });
  expect(ended.metadata.annotations).toMatchObject({ note: 'mine' });
  expect(await bench.events(pod)).toContain('Killing: Stopping container side');
});

it('preStop runs first, and the phase is there while it does', async () => {
  const volumeMounts = [{ name: 'shared', mountPath: '/shared' }];
  const lifecycle = {
    preStop: { exec: { command: ['/bin/sh', '-c', 'until test -f /shared/go; do sleep 0.1; done'] } },
  };
  const pod = await bench.run({
    terminationGracePeriodSeconds: 10,
    containers: [script('side', SIDECAR, { lifecycle, volumeMounts })],
    volumes: [{ name: 'shared', emptyDir: {} }],
  });
  await bench.up(pod, 'side');
  await settle(pod, 'Succeeded');
  const seen = await bench.until(pod, ({ conditions = [] }) =>
    conditions.some(({ type, reason }) => type === 'Ready' && reason === 'PodCompleted'),
  );
  expect(seen.status).toMatchObject({ phase: 'Succeeded', containerStatuses: [{ state: { running: {} } }] });
  await bench.exec(pod, 'side', 'touch', '/shared/go');
  await bench.until(pod, allEnded);
});

it('under Always nothing is started again in a Pod that somebody has ended', async () => {
  const pod = await bench.run({ restartPolicy: 'Always', containers: [script('a', SIDECAR)] });
  await bench.up(pod, 'a');
  await settle(pod, 'Succeeded');
  await bench.until(pod, allEnded);
  expect(bench.factsOf(pod, 'started')).toHaveLength(1);
});

it('a Pod past its activeDeadlineSeconds is ended and Failed, though its containers would be started again', async () => {
  const spec: PodSpec & { activeDeadlineSeconds: number } = {
    activeDeadlineSeconds: 2,
    restartPolicy: 'OnFailure',
    containers: [script('a', SIDECAR)],
  };
  const pod = await bench.run(spec);
  const ended = await bench.until(pod, ({ phase }) => phase === 'Failed');
  expect(ended.status).toMatchObject({
    reason: 'DeadlineExceeded',
    message: 'Pod was active on the node longer than the specified deadline',
  });
  expect(statusOf(ended, 'a').state).toHaveProperty('terminated');
  expect(bench.factsOf(pod, 'started')).toHaveLength(1);
});
