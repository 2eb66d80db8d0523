/** An image that can't be started ends the container that runs: under Never for good. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Container, Pod } from '../../../../../shared/model/kubernetes.ts';
import { UNSTARTABLE_IMAGE } from '../../../../../shared/model/names.ts';
import { PODS } from '../../../../../shared/model/resources.ts';
import { type Bench, BUSYBOX, SIDECAR, script, startBench, statusOf } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const setImage = (pod: Pod, container: string, image: string) =>
  bench.client.patch<Pod>(
    PODS,
    pod.metadata,
    { spec: { containers: [{ name: container, image }] } },
    { type: 'strategic' },
  );

/** Says what its preStop has left, and exits with the given code. */
const leaving = (exitCode: number): Container => ({
  ...script('side', `trap 'cat /data/hook; exit ${exitCode}' TERM; echo up; while :; do sleep 0.1; done`),
  lifecycle: { preStop: { exec: { command: ['/bin/sh', '-c', 'echo hook > /data/hook'] } } },
  volumeMounts: [{ name: 'data', mountPath: '/data' }],
});
const DATA = { volumes: [{ name: 'data', emptyDir: {} }] };

it.each([
  ['Never', 0, 'Succeeded'],
  ['Never', 143, 'Failed'],
  ['OnFailure', 0, 'Succeeded'],
] as const)('under %s an image name that is none ends the container for good with its own exit code %i', async (restartPolicy, exitCode, phase) => {
  const pod = await bench.run({
    restartPolicy,
    containers: [script('main', 'exit 0'), leaving(exitCode)],
    ...DATA,
  });
  await bench.up(pod, 'side');
  await setImage(pod, 'side', UNSTARTABLE_IMAGE);
  const ended = await bench.until(pod, (status) => status.phase === phase);
  expect(statusOf(ended, 'side')).toMatchObject({
    image: BUSYBOX,
    restartCount: 0,
    state: { terminated: { exitCode } },
  });
  expect(await bench.logs(pod, 'side')).toBe('up\nhook\n');
  expect((await bench.events(pod)).join('\n')).toMatch(
    /^InspectFailed: Failed to apply default image tag "sidecarset\.io\/Ended"/m,
  );
});

it.each([
  ['an image name that is none', UNSTARTABLE_IMAGE, 'InvalidImageName'],
  ['an image that is not there', 'registry.example/none:1', 'ErrImagePull'],
])('under OnFailure a container that exits 143 waits for %s', async (_, image, reason) => {
  const pod = await bench.run({
    restartPolicy: 'OnFailure',
    containers: [script('main', SIDECAR), leaving(143)],
    ...DATA,
  });
  await bench.up(pod, 'main', 'side');
  await setImage(pod, 'side', image);
  const waiting = await bench.until(pod, ({ containerStatuses: [, side] = [] }) => side?.state?.waiting);
  expect(statusOf(waiting, 'side')).toMatchObject({
    restartCount: 0,
    state: { waiting: { reason } },
    lastState: { terminated: { exitCode: 143 } },
  });
  expect(waiting.status?.phase).toBe('Running');
});
