import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { PODS } from '../../../../../shared/model/resources.ts';
import { SIDECARS } from '../../../../support/sidecarImages.ts';
import { type Bench, SIDECAR, script, startBench, statusOf } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

it('a Pod whose containers exit 0 is Succeeded, one with another code Failed', async () => {
  const good = await bench.run({ containers: [script('a', 'echo hello'), script('b', 'exit 0')] });
  const bad = await bench.run({ containers: [script('a', 'exit 3'), script('b', 'exit 0')] });
  const ended = await bench.until(good, ({ phase }) => phase === 'Succeeded');
  await bench.until(bad, ({ phase }) => phase === 'Failed');
  expect(statusOf(ended, 'a')).toMatchObject({
    state: { terminated: { exitCode: 0, reason: 'Completed' } },
    imageID: expect.stringMatching(/^local\/busybox@sha256:[0-9a-f]{64}$/),
    containerID: expect.stringMatching(/^local:\/\/[0-9a-f]+$/),
  });
  expect(ended.status).toMatchObject({
    observedGeneration: 1,
    podIP: expect.stringMatching(/^10\.244\.0\.\d+$/),
  });
});

it('a container that waits for a ConfigMap key starts when the Pod is poked, and the Pod is Pending until then', async () => {
  const name = 'ordered';
  const ref = { name: `${name}-barrier`, key: 'p_0' };
  const main = script('main', 'echo "$BARRIER"', {
    env: [{ name: 'BARRIER', valueFrom: { configMapKeyRef: ref } }],
  });
  const pod = await bench.run({ containers: [main, script('side', SIDECAR)] }, { name });

  const absent = await bench.until(
    pod,
    ({ containerStatuses = [] }) => containerStatuses[0]?.state?.waiting?.message,
  );
  expect(absent.status?.phase).toBe('Pending');
  expect(statusOf(absent, 'side').state).toHaveProperty('running');
  expect(statusOf(absent, 'main').state?.waiting).toEqual({
    reason: 'CreateContainerConfigError',
    message: 'configmap "ordered-barrier" not found',
  });

  const poke = (value: string) =>
    bench.client.patch(PODS, pod.metadata, { metadata: { annotations: { poke: value } } }, { type: 'merge' });
  await bench.configMap(ref.name, { p_100: 'true' });
  await poke('1');
  await bench.until(
    pod,
    ({ containerStatuses = [] }) =>
      containerStatuses[0]?.state?.waiting?.message ===
      "couldn't find key p_0 in ConfigMap default/ordered-barrier",
  );
  await bench.configMap(ref.name, { p_0: 'true' });
  await poke('2');
  const started = await bench.until(
    pod,
    ({ containerStatuses = [] }) => containerStatuses[0]?.state?.terminated,
  );
  expect(started.status?.phase).toBe('Running');
  expect(await bench.logs(pod, 'main')).toBe('true\n');
});

it('a waiting container is tried again without a poke', async () => {
  const impatient = await startBench({
    clock: {
      now: () => new Date(),
      // The node's own retry after 10 s comes after a tenth of a second here.
      after: (milliseconds, action) => {
        const timer = setTimeout(action, Math.min(milliseconds, 100));
        return () => clearTimeout(timer);
      },
    },
  });
  try {
    const ref = { name: 'late', key: 'k' };
    const env = [{ name: 'K', valueFrom: { secretKeyRef: ref } }];
    const pod = await impatient.run({ containers: [script('a', 'echo $K', { env })] });
    await impatient.until(
      pod,
      ({ containerStatuses = [] }) =>
        containerStatuses[0]?.state?.waiting?.message === 'secret "late" not found',
    );
    await impatient.secret('late', { k: 'now' });
    await impatient.until(pod, ({ phase }) => phase === 'Succeeded');
    expect(await impatient.logs(pod, 'a')).toBe('now\n');
  } finally {
    await impatient.close();
  }
});

it('init containers run one after another before the others', async () => {
  const volumeMounts = [{ name: 'data', mountPath: '/data' }];
  const pod = await bench.run({
    initContainers: [
      script('one', 'sleep 0.2; echo one >> /data/order', { volumeMounts }),
      script('two', 'echo two >> /data/order', { volumeMounts }),
    ],
    containers: [script('main', 'cat /data/order', { volumeMounts })],
    volumes: [{ name: 'data', emptyDir: {} }],
  });
  await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  expect(await bench.logs(pod, 'main')).toBe('one\ntwo\n');
});

it('a Pod whose init container fails under Never is Failed and its main container never starts', async () => {
  const pod = await bench.run({
    initContainers: [script('one', 'exit 4')],
    containers: [script('main', 'echo no')],
  });
  const failed = await bench.until(pod, ({ phase }) => phase === 'Failed');
  expect(statusOf(failed, 'one').state?.terminated?.exitCode).toBe(4);
  expect(
    bench.facts.filter(({ uid, container }) => uid === pod.metadata.uid && container === 'main'),
  ).toEqual([]);
});

it('the next container starts only when postStart has returned', async () => {
  const lifecycle = { postStart: { exec: { command: ['/bin/sh', '-c', 'sleep 0.3'] } } };
  const pod = await bench.run({
    containers: [script('first', SIDECAR, { lifecycle }), script('second', 'exit 0')],
  });
  await bench.until(pod, ({ containerStatuses = [] }) => containerStatuses[1]?.state?.terminated);
  const [first, second] = bench.facts.filter(
    ({ uid, what }) => uid === pod.metadata.uid && what === 'started',
  );
  expect([first?.container, second?.container]).toEqual(['first', 'second']);
  expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(300);
});

it.each([
  ['the host network', { hostNetwork: true }, 'spec.hostNetwork'],
  ['a readiness gate', { readinessGates: [{ conditionType: 'a' }] }, 'spec.readinessGates'],
])('a Pod with %s is refused by name', async (_, more, named) => {
  const pod = await bench.run({ containers: [script('a', 'exit 0')], ...more });
  const refused = await bench.until(
    pod,
    ({ containerStatuses = [] }) => containerStatuses[0]?.state?.waiting?.reason === 'NotSupported',
  );
  expect(statusOf(refused, 'a').state?.waiting?.message).toContain(named);
  expect(refused.status?.phase).toBe('Pending');
});

it('a container with an HTTP probe is refused by name, in its status and in an Event', async () => {
  const livenessProbe = { httpGet: { port: 80 } };
  const pod = await bench.run({ containers: [script('a', 'exit 0', { livenessProbe })] });
  const message = 'livenessProbe.httpGet is not supported by the local node';
  await bench.until(
    pod,
    ({ containerStatuses = [] }) => containerStatuses[0]?.state?.waiting?.message === message,
  );
  expect(await bench.events(pod)).toContain(`NotSupported: ${message}`);
});

it('a volume that the node does not know is a FailedMount, and the Pod stays Pending', async () => {
  const pod = await bench.run({
    containers: [script('a', 'exit 0')],
    volumes: [{ name: 'h', hostPath: { path: '/etc' } }],
  });
  const message =
    'MountVolume.SetUp failed for volume "h" : hostPath of volume h is not supported by the local node';
  await vi.waitFor(async () => expect(await bench.events(pod)).toContain(`FailedMount: ${message}`));
  expect((await bench.pod(pod))?.status?.phase).toBe('Pending');
});

it('a program that is not there ends the container with 128', async () => {
  const pod = await bench.run({ containers: [script('a', '', { command: ['/no/such/program'] })] });
  const failed = await bench.until(pod, ({ phase }) => phase === 'Failed');
  expect(statusOf(failed, 'a').state?.terminated).toMatchObject({
    exitCode: 128,
    reason: 'StartError',
    message: expect.stringContaining('stat /no/such/program: no such file or directory'),
  });
});

it('a container of the exit image exits 0, whatever its command is', async () => {
  const image = 'sidecarset-exit:1';
  const pod = await bench.run({
    containers: [
      { name: 'own', image },
      { name: 'path', image, command: ['/usr/local/agent/run.sh', 'start'] },
      { name: 'name', image, command: ['sleep'], args: ['1000'] },
    ],
  });
  const ended = await bench.until(pod, ({ phase }) => phase === 'Succeeded');
  expect(['own', 'path', 'name'].map((name) => statusOf(ended, name).restartCount)).toEqual([0, 0, 0]);
});

it("an image's own programs are all that can be executed where it has no shell", async () => {
  const image = SIDECARS.noShell;
  const pod = await bench.run({
    containers: [
      { name: 'absolute', image, command: ['/bin/cat', '/etc/passwd'] },
      { name: 'searched', image, command: ['sh', '-c', 'true'] },
      { name: 'own', image },
    ],
  });
  const begun = await bench.up(pod, 'own');
  const messages = ['absolute', 'searched'].map((name) => statusOf(begun, name).state?.terminated?.message);
  expect(messages).toEqual([
    expect.stringContaining('exec: "/bin/cat": stat /bin/cat: no such file or directory'),
    expect.stringContaining('exec: "sh": executable file not found in $PATH'),
  ]);
});
