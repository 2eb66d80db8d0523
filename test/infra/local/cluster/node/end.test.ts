import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Pod } from '../../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../../shared/model/resources.ts';
import { type Bench, isAlive, SIDECAR, script, startBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const factsOf = (pod: Pod, on = bench) => on.facts.filter(({ uid }) => uid === pod.metadata.uid);
const gone = (pod: Pod) =>
  vi.waitFor(async () => expect(await bench.pod(pod)).toBeUndefined(), { timeout: 8000, interval: 20 });

it('a deleted Pod runs preStop, gets SIGTERM, and is gone with its files', async () => {
  const lifecycle = { preStop: { exec: { command: ['/bin/sh', '-c', 'touch /data/prestop'] } } };
  const text = "trap 'ls /data; exit 0' TERM; echo up; while :; do sleep 0.1; done";
  const pod = await bench.run({
    containers: [script('a', text, { lifecycle, volumeMounts: [{ name: 'data', mountPath: '/data' }] })],
    volumes: [{ name: 'data', emptyDir: {} }],
  });
  await bench.up(pod, 'a');
  const key = { namespace: 'default', name: pod.metadata.name, uid: pod.metadata.uid ?? '' };
  const lines: string[] = [];
  const reading = (async () => {
    const options = { follow: true, previous: false };
    for await (const piece of bench.node.logs(key, 'a', options)) lines.push(piece);
  })();
  await bench.client.remove(PODS, pod.metadata);
  await gone(pod);
  await reading;
  expect(lines.join('')).toBe('up\nprestop\n');
  expect(factsOf(pod).at(-1)).toMatchObject({ what: 'exited', exitCode: 0 });
  await vi.waitFor(async () =>
    expect(await readdir(join(bench.directory, 'node/pods'))).not.toContain(pod.metadata.uid),
  );
});

it('a container that ignores SIGTERM is killed when its grace period is over', async () => {
  const pod = await bench.run({
    containers: [script('a', "trap '' TERM; echo up; while :; do sleep 0.1; done")],
  });
  await bench.up(pod, 'a');
  await bench.client.remove(PODS, pod.metadata);
  await gone(pod);
  const [term, kill, exited] = factsOf(pod).filter(({ what }) => what !== 'started');
  expect([term?.detail, kill?.detail]).toEqual([expect.stringMatching(/^SIGTERM/), 'SIGKILL']);
  expect(exited).toMatchObject({ what: 'exited', exitCode: 137 });
  // The kubelet leaves at least two seconds.
  expect(Number(exited?.at) - Number(term?.at)).toBeGreaterThanOrEqual(1990);
});

it('a Pod that is deleted while it waits is gone without having run', async () => {
  const env = [{ name: 'K', valueFrom: { configMapKeyRef: { name: 'never', key: 'k' } } }];
  const pod = await bench.run({ containers: [script('a', 'exit 0', { env })] });
  await bench.until(pod, ({ containerStatuses = [] }) => containerStatuses[0]?.state?.waiting?.message);
  await bench.client.remove(PODS, pod.metadata);
  await gone(pod);
  expect(factsOf(pod).filter(({ what }) => what === 'started')).toEqual([]);
});

it('what a container left in the background ends with its first process', async () => {
  const pod = await bench.run({ containers: [script('a', 'sleep 300 & echo $!; sleep 0.2')] });
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  const pid = Number(await bench.logs(pod, 'a'));
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
});

it('stop leaves no process behind, whatever it does about signals', async () => {
  const other = await startBench();
  const text = "trap '' TERM; sleep 300 & echo $!; echo up; while :; do sleep 0.1; done";
  const pod = await other.run({ containers: [script('a', text), script('b', SIDECAR)] });
  await other.up(pod, 'a', 'b');
  const background = Number.parseInt(await other.logs(pod, 'a'), 10);
  const pids = [background, ...factsOf(pod, other).flatMap(({ pid = [] }) => pid)];
  expect(pids).toHaveLength(3);
  await other.close();
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]));
});

it('a node that is told to sends SIGKILL in place of SIGTERM', async () => {
  const broken = await startBench({ signals: { TERM: 'SIGKILL' } });
  try {
    const pod = await broken.run({ containers: [script('a', SIDECAR)] });
    await broken.up(pod, 'a');
    const key = { namespace: 'default', name: pod.metadata.name, uid: pod.metadata.uid ?? '' };
    await broken.node.exec(key, 'a', ['/bin/sh', '-c', 'kill -TERM 1']);
    await broken.until(pod, ({ phase }) => phase === 'Failed');
    expect(factsOf(pod, broken).at(-1)).toMatchObject({ what: 'exited', exitCode: 137 });
  } finally {
    await broken.close();
  }
});
