/** Pods in which process 1 is not the container's: a signal to it never reaches a child process, or this machine. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Pod, PodSpec } from '../../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../../shared/model/resources.ts';
import { SIDECARS } from '../../../../support/sidecarImages.ts';
import { type Bench, SIDECAR, script, startBench, statusOf } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

type Case = [string, Partial<PodSpec>, 'sandbox' | 'host', string];
const CASES: Case[] = [
  ['a shared process namespace', { shareProcessNamespace: true }, 'sandbox', 'SandboxSignalled'],
  ["the machine's process namespace", { hostPID: true }, 'host', 'HostSignalled'],
];

const running = async (spec: Partial<PodSpec>): Promise<Pod> => {
  const pod = await bench.run({ containers: [script('side', SIDECAR)], ...spec });
  await bench.up(pod, 'side');
  return pod;
};

const expectTold = async (pod: Pod, by: string, outside: string, reason: string) => {
  expect(bench.factsOf(pod, 'signalled')).toMatchObject([
    { outside, detail: expect.stringContaining(`SIGTERM by ${by} to process 1`) },
  ]);
  expect((await bench.events(pod)).filter((event) => event.startsWith(`${reason}: `))).toHaveLength(1);
  expect((await bench.pod(pod))?.status?.containerStatuses?.[0]?.state).toHaveProperty('running');
};

it.each(CASES)('in %s a kill by exec reaches no container, and is told', async (_, spec, outside, reason) => {
  const pod = await running(spec);
  expect(await bench.exec(pod, 'side', 'kill', '-0', '1')).toMatchObject({ exitCode: 0 });
  expect(bench.factsOf(pod, 'signalled')).toEqual([]);
  expect(await bench.exec(pod, 'side', '/bin/sh', '-c', 'kill -TERM 1')).toMatchObject({ exitCode: 0 });
  expect(await bench.exec(pod, 'side', 'echo', 'alive')).toMatchObject({ stdout: 'alive\n' });
  await expectTold(pod, 'exec', outside, reason);
});

it.each(
  CASES,
)('in %s an ephemeral container reaches no container either', async (_, spec, outside, reason) => {
  const pod = await running(spec);
  const killer = { name: 'killer', image: 'busybox', command: ['kill', '1'], targetContainerName: 'side' };
  await bench.client.patch(
    PODS,
    pod.metadata,
    { spec: { ephemeralContainers: [killer] } },
    { type: 'strategic', subresource: 'ephemeralcontainers' },
  );
  const after = await bench.until(
    pod,
    ({ ephemeralContainerStatuses: [killer] = [] }) => killer?.state?.terminated,
  );
  expect(statusOf(after, 'killer').state?.terminated?.exitCode).toBe(0);
  await expectTold(pod, 'ephemeral container killer', outside, reason);
});

it.each(CASES)('in %s a process without a handler ends by SIGTERM with 143', async (_, spec) => {
  const pod = await bench.run({ containers: [{ name: 'side', image: SIDECARS.noHandler }], ...spec });
  await bench.up(pod, 'side');
  await bench.client.patch<Pod>(
    PODS,
    pod.metadata,
    { spec: { containers: [{ name: 'side', image: 'sidecarset.io/Ended' }] } },
    { type: 'strategic' },
  );
  const ended = await bench.until(pod, ({ phase }) => phase === 'Failed');
  expect(statusOf(ended, 'side').state?.terminated).toMatchObject({ exitCode: 143, signal: 15 });
});
