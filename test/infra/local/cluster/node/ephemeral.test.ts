/** Ephemeral containers as child processes, and the rules by which one may end its target. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EphemeralContainer, Pod, PodSpec } from '../../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../../shared/model/resources.ts';
import { SIDECARS } from '../../../../support/sidecarImages.ts';
import { type Bench, isAlive, SIDECAR, script, startBench, statusOf } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const add = (pod: Pod, container: Partial<EphemeralContainer>) =>
  bench.client.patch<Pod>(
    PODS,
    pod.metadata,
    { spec: { ephemeralContainers: [{ name: 'killer', image: 'busybox:1.36', ...container }] } },
    { type: 'strategic', subresource: 'ephemeralcontainers' },
  );

const kill = (pod: Pod, command: string[], more: Partial<EphemeralContainer> = {}) =>
  add(pod, { command, targetContainerName: 'side', ...more });

const killerEnds = (pod: Pod) =>
  bench.until(
    pod,
    ({ ephemeralContainerStatuses: [killer] = [] }) =>
      killer?.state?.terminated ?? killer?.state?.waiting?.message,
  );

const running = async (spec: Partial<PodSpec> = {}): Promise<Pod> => {
  const pod = await bench.run({ containers: [script('main', 'exit 0'), script('side', SIDECAR)], ...spec });
  await bench.up(pod, 'side');
  return pod;
};

it.each<[string, string[]]>([
  ['kill', ['kill', '-TERM', '1']],
  ['a shell', ['/bin/sh', '-c', 'kill -TERM 1']],
])('%s in it ends its target by SIGTERM, and the Pod with it', async (_, command) => {
  const pod = await running();
  await kill(pod, command);
  const ended = await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  expect(statusOf(ended, 'side').state?.terminated?.exitCode).toBe(0);
  expect(statusOf(ended, 'killer')).toMatchObject({
    image: 'busybox:1.36',
    imageID: expect.stringMatching(/^busybox@sha256:/),
    containerID: expect.stringMatching(/^local:/),
    ready: false,
    restartCount: 0,
  });
  expect([0, 137]).toContain(statusOf(ended, 'killer').state?.terminated?.exitCode);
  expect(bench.factsOf(pod, 'signalled').map(({ container, detail }) => [container, detail])).toEqual([
    ['side', 'SIGTERM by ephemeral container killer'],
  ]);
});

it.each([
  ['a SIGTERM to a process 1 without a handler', SIDECARS.noHandler, 'TERM'],
  ['a SIGKILL', SIDECARS.exits0, 'KILL'],
])('%s does nothing, as in a PID namespace, and kill succeeds', async (_, image, signal) => {
  const pod = await bench.run({ containers: [{ name: 'side', image }] });
  await bench.up(pod, 'side');
  await kill(pod, ['kill', `-${signal}`, '1']);
  const after = await killerEnds(pod);
  expect(statusOf(after, 'killer').state?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
  expect(statusOf(after, 'side').state).toHaveProperty('running');
  expect(after.status?.phase).toBe('Running');
  expect(bench.factsOf(pod, 'signalled')).toMatchObject([
    { detail: expect.stringContaining('without effect') },
  ]);
});

it.each<[string, EphemeralContainer['securityContext'], number]>([
  ['a user that is not its own', { runAsUser: 1000 }, 1],
  ['a root that has no CAP_KILL', { capabilities: { drop: ['ALL'] } }, 0],
])("the signal of %s reaches root's process only if it may", async (_, securityContext, exitCode) => {
  const pod = await running();
  await kill(pod, ['kill', '-TERM', '1'], { securityContext });
  const after = await killerEnds(pod);
  expect(statusOf(after, 'killer').state?.terminated?.exitCode).toBe(exitCode);
  if (exitCode === 0) return void (await bench.until(pod, ({ phase }) => phase === 'Succeeded'));
  expect(await bench.logs(pod, 'killer')).toBe("kill: can't kill pid 1: Operation not permitted\n");
  expect(statusOf(after, 'side').state).toHaveProperty('running');
  expect(bench.factsOf(pod, 'signalled')).toEqual([]);
});

it('without a target it signals nobody but itself', async () => {
  const pod = await running();
  await kill(pod, ['kill', '-TERM', '1'], { targetContainerName: undefined });
  const after = await killerEnds(pod);
  expect(statusOf(after, 'killer').state?.terminated?.exitCode).toBe(0);
  expect(statusOf(after, 'side').state).toHaveProperty('running');
});

it.each<[string, Partial<EphemeralContainer>, string, string]>([
  ['whose target has ended', { targetContainerName: 'main' }, 'CreateContainerError', 'is not running'],
  ['whose image is not there', { image: 'registry.example/none:1' }, 'ErrImagePull', 'failed to pull image'],
  ['whose image name is none', { image: 'sidecarset.io/Ended' }, 'InvalidImageName', 'must be lowercase'],
  [
    'that would signal another process',
    { command: ['kill', '-TERM', '999999999'] },
    'NotSupported',
    'no PID namespace',
  ],
])('one %s waits, and the Pod goes on', async (_, container, reason, message) => {
  const pod = await running();
  await kill(pod, ['kill', '-TERM', '1'], container);
  const after = await killerEnds(pod);
  expect(statusOf(after, 'killer').state?.waiting).toEqual({
    reason,
    message: expect.stringContaining(message),
  });
  expect(statusOf(after, 'side').state).toHaveProperty('running');
  expect(after.status?.phase).toBe('Running');
});

it('one without a kill in its image has not started its program', async () => {
  const pod = await running();
  await kill(pod, ['kill', '-TERM', '1'], { image: SIDECARS.noShell });
  const after = await killerEnds(pod);
  expect(statusOf(after, 'killer').state?.terminated).toMatchObject({
    exitCode: 128,
    message: expect.stringContaining('exec: "kill": executable file not found in $PATH'),
  });
  expect(statusOf(after, 'side').state).toHaveProperty('running');
});

it('another one can be added, and none is started twice', async () => {
  const pod = await running({ restartPolicy: 'Always' });
  await kill(pod, ['/bin/sh', '-c', 'exit 3']);
  await killerEnds(pod);
  await add(pod, { name: 'second', command: ['/bin/sh', '-c', 'exit 4'] });
  const both = await bench.until(
    pod,
    ({ ephemeralContainerStatuses = [] }) =>
      ephemeralContainerStatuses.every(({ state }) => state?.terminated) &&
      ephemeralContainerStatuses.length === 2,
  );
  expect(['killer', 'second'].map((name) => statusOf(both, name).state?.terminated?.exitCode)).toEqual([
    3, 4,
  ]);
  const starts = bench.factsOf(pod, 'started').filter(({ container }) => container === 'killer');
  expect(starts).toHaveLength(1);
});

it.each([
  ['its target has', { targetContainerName: 'side' }],
  ['the Pod has', { targetContainerName: undefined }],
])('one that goes on ends when %s', async (_, container) => {
  const pod = await running();
  await kill(pod, ['sleep', '300'], container);
  const debugged = await bench.until(
    pod,
    ({ ephemeralContainerStatuses: [killer] = [] }) => killer?.state?.running,
  );
  expect(debugged.status?.phase).toBe('Running');
  await bench.exec(pod, 'side', 'kill', '1');
  const ended = await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  expect(statusOf(ended, 'killer').state?.terminated?.exitCode).toBe(137);
  const { pid = 0 } = bench.factsOf(pod, 'started').find(({ container }) => container === 'killer') ?? {};
  expect(isAlive(pid)).toBe(false);
});

it('kill executed in it signals the first process of its target', async () => {
  const pod = await running();
  await kill(pod, ['sleep', '300']);
  await bench.until(pod, ({ ephemeralContainerStatuses: [killer] = [] }) => killer?.state?.running);
  expect(await bench.exec(pod, 'killer', 'kill', '-TERM', '1')).toMatchObject({ exitCode: 0 });
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
});
