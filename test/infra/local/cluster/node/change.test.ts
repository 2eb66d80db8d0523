import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Pod } from '../../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../../shared/model/resources.ts';
import { type Bench, BUSYBOX, isAlive, SIDECAR, script, startBench, statusOf } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

/** The same image under another name: a change of the reference is a change of the image. */
const OTHER = 'local/busybox';

const setImage = (pod: Pod, container: string, image: string) =>
  bench.client.patch<Pod>(
    PODS,
    pod.metadata,
    { spec: { containers: [{ name: container, image }] } },
    { type: 'strategic' },
  );

const pidsOf = (pod: Pod, container: string): (number | undefined)[] =>
  bench.facts
    .filter(
      (fact) => fact.uid === pod.metadata.uid && fact.container === container && fact.what === 'started',
    )
    .map(({ pid }) => pid);

it.each([
  'Never',
  'Always',
  'OnFailure',
] as const)('under %s another image restarts that container only', async (restartPolicy) => {
  const containers = [script('main', SIDECAR), script('side', SIDECAR)];
  const pod = await bench.run({ restartPolicy, containers });
  const before = await bench.up(pod, 'main', 'side');
  await setImage(pod, 'side', OTHER);
  const after = await bench.until(
    pod,
    ({ containerStatuses = [] }) =>
      containerStatuses[1]?.restartCount === 1 && containerStatuses[1].state?.running,
  );
  expect(after.metadata.generation).toBe(2);
  expect(after.status).toMatchObject({ observedGeneration: 2, podIP: before.status?.podIP });
  expect(statusOf(after, 'main')).toEqual(statusOf(before, 'main'));
  expect(statusOf(after, 'side')).toMatchObject({
    image: OTHER,
    ready: true,
    lastState: { terminated: { exitCode: 0, containerID: statusOf(before, 'side').containerID } },
  });
  const [old, fresh] = pidsOf(pod, 'side');
  expect([old, fresh].map((pid) => isAlive(pid ?? 0))).toEqual([false, true]);
  expect(await bench.events(pod)).toContain('Killing: Container side definition changed, will be restarted');
});

it('a resize is reported and restarts nothing', async () => {
  const resources = { requests: { cpu: '100m' } };
  const pod = await bench.run({
    containers: [script('main', SIDECAR), script('side', SIDECAR, { resources })],
  });
  const before = await bench.up(pod, 'main', 'side');
  const wanted = { requests: { cpu: '200m' }, limits: { cpu: '1' } };
  await bench.client.patch<Pod>(
    PODS,
    pod.metadata,
    { spec: { containers: [{ name: 'side', resources: wanted }] } },
    { type: 'strategic', subresource: 'resize' },
  );
  const after = await bench.until(pod, ({ observedGeneration }) => observedGeneration === 2);
  expect(statusOf(after, 'main')).toEqual(statusOf(before, 'main'));
  expect(statusOf(after, 'side')).toEqual({
    ...statusOf(before, 'side'),
    resources: wanted,
    allocatedResources: wanted.requests,
  });
  expect(pidsOf(pod, 'side')).toHaveLength(1);
});

it('under Never another image does not bring back a container that has ended', async () => {
  const pod = await bench.run({ containers: [script('main', 'exit 0'), script('side', SIDECAR)] });
  await bench.until(pod, ({ containerStatuses = [] }) => containerStatuses[0]?.state?.terminated);
  await setImage(pod, 'main', OTHER);
  const seen = await bench.until(pod, ({ observedGeneration }) => observedGeneration === 2);
  expect(statusOf(seen, 'main')).toMatchObject({ restartCount: 0, image: BUSYBOX });
});

it('under Never another image that is not known ends the container for good, with the old exit code', async () => {
  const pod = await bench.run({ containers: [script('main', SIDECAR), script('side', SIDECAR)] });
  await bench.up(pod, 'side');
  await setImage(pod, 'side', 'registry.example/none:1');
  const ended = await bench.until(
    pod,
    ({ containerStatuses = [] }) => containerStatuses[1]?.state?.terminated,
  );
  expect(statusOf(ended, 'side')).toMatchObject({
    image: BUSYBOX,
    restartCount: 0,
    state: { terminated: { exitCode: 0 } },
  });
  await setImage(pod, 'side', OTHER);
  const still = await bench.until(pod, ({ observedGeneration }) => observedGeneration === 3);
  expect(statusOf(still, 'side').state).toHaveProperty('terminated');
});

it('a container whose image is not known waits with a list of those that are, and starts with one of them', async () => {
  const pod = await bench.run({ containers: [script('a', 'echo up', { image: 'registry.example/none:1' })] });
  const waiting = await bench.until(pod, ({ containerStatuses = [] }) =>
    containerStatuses[0]?.state?.waiting?.reason?.match(/^(ErrImagePull|ImagePullBackOff)$/),
  );
  const message = statusOf(waiting, 'a').state?.waiting?.message;
  expect(message).toContain('"registry.example/none:1"');
  expect(message).toContain(BUSYBOX);
  expect((await bench.events(pod)).join('\n')).toMatch(
    /^Failed: Failed to pull image "registry\.example\/none:1"/m,
  );
  await setImage(pod, 'a', BUSYBOX);
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
});

it('under OnFailure a failing container is restarted at once, then with a pause', async () => {
  const text = 'n=$(cat /data/n 2>/dev/null || echo 0); echo $((n+1)) > /data/n; echo run $n; exit 1';
  const pod = await bench.run({
    restartPolicy: 'OnFailure',
    containers: [script('a', text, { volumeMounts: [{ name: 'data', mountPath: '/data' }] })],
    volumes: [{ name: 'data', emptyDir: {} }],
  });
  const crashing = await bench.until(
    pod,
    ({ containerStatuses = [] }) => containerStatuses[0]?.state?.waiting?.reason === 'CrashLoopBackOff',
  );
  expect(statusOf(crashing, 'a')).toMatchObject({
    restartCount: 1,
    lastState: { terminated: { exitCode: 1 } },
  });
  expect(crashing.status?.phase).toBe('Running');
  expect(await bench.logs(pod, 'a')).toBe('run 1\n');
  expect(await bench.logs(pod, 'a', true)).toBe('run 0\n');
});

it('under OnFailure a container that exits 0 stays ended', async () => {
  const pod = await bench.run({ restartPolicy: 'OnFailure', containers: [script('a', 'exit 0')] });
  const ended = await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  expect(statusOf(ended, 'a').restartCount).toBe(0);
});

it('a failing liveness probe restarts the container, also when it then exits 0', async () => {
  const livenessProbe = {
    exec: { command: ['/bin/sh', '-c', 'test ! -f /data/sick'] },
    periodSeconds: 1,
    failureThreshold: 1,
  };
  const text = `test -f /data/sick && rm /data/sick || touch /data/sick; ${SIDECAR}`;
  const pod = await bench.run({
    restartPolicy: 'OnFailure',
    containers: [script('a', text, { livenessProbe, volumeMounts: [{ name: 'data', mountPath: '/data' }] })],
    volumes: [{ name: 'data', emptyDir: {} }],
  });
  const healed = await bench.until(
    pod,
    ({ containerStatuses = [] }) =>
      containerStatuses[0]?.restartCount === 1 && containerStatuses[0].state?.running,
  );
  expect(statusOf(healed, 'a').lastState?.terminated?.exitCode).toBe(0);
  expect(await bench.events(pod)).toContain('Killing: Container a failed liveness probe, will be restarted');
});

it('readiness follows the readiness probe', async () => {
  const readinessProbe = {
    exec: { command: ['/bin/sh', '-c', 'test -f /data/ready'] },
    periodSeconds: 1,
    failureThreshold: 1,
  };
  const volumeMounts = [{ name: 'data', mountPath: '/data' }];
  const pod = await bench.run({
    containers: [script('a', SIDECAR, { readinessProbe, volumeMounts })],
    volumes: [{ name: 'data', emptyDir: {} }],
  });
  const ready = ({ conditions = [] }: NonNullable<Pod['status']>) =>
    conditions.find(({ type }) => type === 'Ready');
  const running = await bench.up(pod);
  expect(running.status && ready(running.status)).toMatchObject({
    status: 'False',
    reason: 'ContainersNotReady',
    message: 'containers with unready status: [a]',
  });
  const key = { namespace: 'default', name: pod.metadata.name, uid: pod.metadata.uid ?? '' };
  await bench.node.exec(key, 'a', ['touch', '/data/ready']);
  const now = await bench.until(pod, (status) => ready(status)?.status === 'True');
  expect(now.status && ready(now.status)).not.toHaveProperty('reason');
});
