/** What takes time on a real node takes the same by the node's clock. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MEASURED } from '../../../../../infra/local/cluster/node/delays.ts';
import type { Pod } from '../../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../../shared/model/resources.ts';
import { createMovingClock } from '../../../../support/movingClock.ts';
import { type Bench, SIDECAR, script, startBench } from './bench.ts';

const clock = createMovingClock();
let bench: Bench;
let ticking: NodeJS.Timeout;
beforeAll(async () => {
  bench = await startBench({ clock, delays: MEASURED });
  ticking = setInterval(() => clock.advance(10), 10);
});
afterAll(async () => {
  await bench.close();
  clearInterval(ticking);
});

/** The node looks every 30 ms, and a process needs a moment of its own. */
const SLACK = 800;

const expectBetween = (from: Date | undefined, to: Date | undefined, least: number) => {
  const took = Number(to) - Number(from);
  expect(took).toBeGreaterThanOrEqual(least);
  expect(took).toBeLessThan(least + SLACK);
};

const startsOf = (pod: Pod, name: string) =>
  bench.factsOf(pod, 'started').filter(({ container }) => container === name);

it('a container that waited starts a tenth of a second after a poke', async () => {
  const env = [{ name: 'K', valueFrom: { configMapKeyRef: { name: 'late', key: 'k' } } }];
  const pod = await bench.run({ containers: [script('a', SIDECAR, { env })] });
  await bench.until(pod, ({ containerStatuses: [a] = [] }) => a?.state?.waiting?.message);
  await bench.configMap('late', { k: 'v' });
  const poked = clock.now();
  await bench.client.patch(PODS, pod.metadata, { metadata: { annotations: { a: 'b' } } }, { type: 'merge' });
  await bench.up(pod, 'a');
  expectBetween(poked, startsOf(pod, 'a')[0]?.at, 100);
});

it('another image runs half a second after the end of the old one', async () => {
  const pod = await bench.run({ containers: [script('a', SIDECAR)] });
  await bench.up(pod, 'a');
  const spec = { containers: [{ name: 'a', image: 'busybox:2' }] };
  await bench.client.patch(PODS, pod.metadata, { spec }, { type: 'strategic' });
  await bench.until(pod, ({ containerStatuses: [a] = [] }) => a?.restartCount === 1);
  expectBetween(bench.factsOf(pod, 'exited')[0]?.at, startsOf(pod, 'a')[1]?.at, 500);
});

it('an ephemeral container runs half a second after it was added', async () => {
  const pod = await bench.run({ containers: [script('a', SIDECAR)] });
  await bench.up(pod, 'a');
  const added = clock.now();
  const spec = { ephemeralContainers: [{ name: 'e', image: 'busybox', command: ['sh', '-c', 'exit 0'] }] };
  await bench.client.patch(
    PODS,
    pod.metadata,
    { spec },
    { type: 'strategic', subresource: 'ephemeralcontainers' },
  );
  await bench.until(pod, ({ ephemeralContainerStatuses: [e] = [] }) => e?.state?.terminated);
  expectBetween(added, startsOf(pod, 'e')[0]?.at, 500);
});

it('a Pod is seen with all its containers ended a moment before its phase says so', async () => {
  const pod = await bench.run({ containers: [script('a', 'exit 0')] });
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  expectBetween(bench.factsOf(pod, 'exited')[0]?.at, clock.now(), 200);
});
