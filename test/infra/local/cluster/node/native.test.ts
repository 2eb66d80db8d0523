/** Native sidecars as child processes. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Container, Pod, PodSpec } from '../../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../../shared/model/resources.ts';
import { SIDECARS } from '../../../../support/sidecarImages.ts';
import { type Bench, SIDECAR, script, startBench, statusOf } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const native = (name: string, text = SIDECAR, more: Partial<Container> = {}): Container =>
  script(name, text, { restartPolicy: 'Always', ...more });

const SHARED: Pick<PodSpec, 'volumes'> = { volumes: [{ name: 'shared', emptyDir: {} }] };
const volumeMounts = [{ name: 'shared', mountPath: '/shared' }];

const setImage = (pod: Pod, name: string, image: string) =>
  bench.client.patch<Pod>(
    PODS,
    pod.metadata,
    { spec: { initContainers: [{ name, image }] } },
    { type: 'strategic' },
  );

const startsOf = (pod: Pod) => bench.factsOf(pod, 'started').map(({ container }) => container);
const exitsOf = (pod: Pod) =>
  bench.factsOf(pod, 'exited').map(({ container, exitCode }) => `${container} ${exitCode}`);

it('they start in the order of the list, before the main containers, and end in reverse after them', async () => {
  const pod = await bench.run({
    initContainers: [native('s1'), script('i', 'exit 0'), native('s2')],
    containers: [script('main', 'sleep 0.3')],
  });
  const ended = await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  expect(startsOf(pod)).toEqual(['s1', 'i', 's2', 'main']);
  expect(exitsOf(pod)).toEqual(['i 0', 'main 0', 's2 0', 's1 0']);
  expect(statusOf(ended, 's1')).toMatchObject({ restartCount: 0, state: { terminated: { exitCode: 0 } } });
  expect(await bench.events(pod)).toEqual(
    expect.arrayContaining(['Killing: Stopping container s2', 'Killing: Stopping container s1']),
  );
});

it('the Pod is Pending until the startup probe of the last one has succeeded, and Ready by its readiness', async () => {
  const probe = (file: string) => ({
    exec: { command: ['/bin/sh', '-c', `test -f /shared/${file}`] },
    periodSeconds: 1,
    failureThreshold: 100,
  });
  const probes = { startupProbe: probe('started'), readinessProbe: probe('ready') };
  const pod = await bench.run({
    initContainers: [native('side', SIDECAR, { ...probes, volumeMounts })],
    containers: [script('main', SIDECAR)],
    ...SHARED,
  });
  const waiting = await bench.until(
    pod,
    ({ initContainerStatuses = [] }) => initContainerStatuses[0]?.state?.running,
  );
  expect(waiting.status).toMatchObject({
    phase: 'Pending',
    initContainerStatuses: [{ started: false, ready: false }],
    containerStatuses: [{ state: { waiting: { reason: 'PodInitializing' } } }],
  });
  await bench.exec(pod, 'side', 'touch', '/shared/started');
  const running = await bench.up(pod, 'main');
  expect(statusOf(running, 'side').started).toBe(true);
  const ready = ({ conditions = [] }: NonNullable<Pod['status']>) =>
    conditions.find(({ type }) => type === 'Ready');
  expect(running.status && ready(running.status)).toMatchObject({
    status: 'False',
    message: 'containers with unready status: [side]',
  });
  await bench.exec(pod, 'side', 'touch', '/shared/ready');
  await bench.until(pod, (status) => ready(status)?.status === 'True');
});

it('the main container waits for postStart', async () => {
  const lifecycle = { postStart: { exec: { command: ['/bin/sh', '-c', 'sleep 0.4'] } } };
  const pod = await bench.run({
    initContainers: [native('side', SIDECAR, { lifecycle })],
    containers: [script('main', 'exit 0')],
  });
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  const [side, main] = bench.factsOf(pod, 'started');
  expect(Number(main?.at) - Number(side?.at)).toBeGreaterThanOrEqual(400);
});

it.each([
  [SIDECARS.exits0, 0],
  [SIDECARS.exits143, 143],
  [SIDECARS.noHandler, 137],
  [SIDECARS.ignoresTerm, 137],
  [SIDECARS.noShell, 0],
])('exit codes of %s do not count, and it sees the last line of the main container', async (image, exitCode) => {
  const pod = await bench.run({
    initContainers: [{ name: 'side', image, restartPolicy: 'Always', volumeMounts }],
    containers: [script('main', 'for n in 1 2 3; do echo line $n >> /shared/lines; done', { volumeMounts })],
    ...SHARED,
  });
  const ended = await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  expect(statusOf(ended, 'side').state?.terminated?.exitCode).toBe(exitCode);
  if (exitCode !== 137) expect(await bench.logs(pod, 'side')).toBe('up\nline 1\nline 2\nline 3\n');
});

it('one that crashes is started again, the main container goes on and alone decides the phase', async () => {
  const pod = await bench.run({
    initContainers: [{ name: 'side', image: SIDECARS.crashes, args: ['200'], restartPolicy: 'Always' }],
    containers: [script('main', SIDECAR)],
  });
  await bench.up(pod, 'main');
  const again = await bench.until(
    pod,
    ({ initContainerStatuses = [] }) => initContainerStatuses[0]?.restartCount === 1,
  );
  expect(again.status?.phase).toBe('Running');
  expect(statusOf(again, 'main').restartCount).toBe(0);
  await bench.exec(pod, 'main', 'kill', '1');
  const ended = await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  expect(statusOf(ended, 'side').state?.terminated?.exitCode).toBe(3);
});

it('another image restarts only it, under Never too', async () => {
  const pod = await bench.run({
    initContainers: [native('side', SIDECAR, { image: 'busybox:1' })],
    containers: [script('main', SIDECAR)],
  });
  const before = await bench.up(pod, 'main', 'side');
  await setImage(pod, 'side', 'busybox:2');
  const after = await bench.until(
    pod,
    ({ initContainerStatuses: [side] = [] }) => side?.restartCount === 1 && side.state?.running,
  );
  expect(statusOf(after, 'main')).toEqual(statusOf(before, 'main'));
  expect(statusOf(after, 'side')).toMatchObject({
    image: 'busybox:2',
    ready: true,
    lastState: { terminated: { exitCode: 0 } },
  });
  expect(await bench.events(pod)).toContain('Killing: Init container side definition changed');
});

it('an image that is not there leaves it dead, and the Pod succeeds all the same', async () => {
  const pod = await bench.run({
    initContainers: [native('side')],
    containers: [script('main', SIDECAR)],
  });
  await bench.up(pod, 'main', 'side');
  await setImage(pod, 'side', 'registry.example/none:1');
  const dead = await bench.until(
    pod,
    ({ initContainerStatuses: [side] = [] }) => side?.state?.terminated && side.ready === false,
  );
  expect(dead.status?.phase).toBe('Running');
  await bench.exec(pod, 'main', 'kill', '1');
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
});

it('a failing liveness probe restarts it under Never', async () => {
  const livenessProbe = {
    exec: { command: ['/bin/sh', '-c', 'test ! -f /shared/sick'] },
    periodSeconds: 1,
    failureThreshold: 1,
  };
  const pod = await bench.run({
    initContainers: [native('side', `rm -f /shared/sick; ${SIDECAR}`, { livenessProbe, volumeMounts })],
    containers: [script('main', SIDECAR)],
    ...SHARED,
  });
  await bench.up(pod, 'main', 'side');
  await bench.exec(pod, 'side', 'touch', '/shared/sick');
  await bench.until(
    pod,
    ({ initContainerStatuses: [side] = [] }) => side?.restartCount === 1 && side.state?.running,
  );
  expect(await bench.events(pod)).toContain('Killing: Init container side failed liveness probe');
});

it('a deleted Pod ends its main container first; preStop of its sidecars does not wait for that', async () => {
  const hook = (name: string) => ({
    preStop: { exec: { command: ['/bin/sh', '-c', `touch /shared/${name}`] } },
  });
  const slow = "trap 'sleep 0.5; ls /shared; exit 0' TERM; echo up; while :; do sleep 0.1; done";
  const pod = await bench.run({
    terminationGracePeriodSeconds: 5,
    initContainers: [
      native('s1', SIDECAR, { lifecycle: hook('s1'), volumeMounts }),
      native('s2', SIDECAR, { lifecycle: hook('s2'), volumeMounts }),
    ],
    containers: [script('main', slow, { volumeMounts })],
    ...SHARED,
  });
  await bench.up(pod, 'main');
  const key = { namespace: 'default', name: pod.metadata.name, uid: pod.metadata.uid ?? '' };
  const lines: string[] = [];
  const reading = (async () => {
    for await (const piece of bench.node.logs(key, 'main', { follow: true, previous: false }))
      lines.push(piece);
  })();
  await bench.client.remove(PODS, pod.metadata);
  await vi.waitFor(async () => expect(await bench.pod(pod)).toBeUndefined(), { timeout: 10_000 });
  await reading;
  expect(lines.join('')).toBe('up\ns1\ns2\n');
  expect(exitsOf(pod)).toEqual(['main 0', 's2 0', 's1 0']);
});
