/** Jobs on the embedded cluster, with its controllers and its node: what becomes of them by how their sidecars end. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startControllers } from '../../../../infra/local/cluster/controllers/controllers.ts';
import { JOBS, type Job, type JobSpec } from '../../../../infra/local/cluster/controllers/workloads.ts';
import { systemClock } from '../../../../shared/io/clock.ts';
import type { Container, Pod, PodSpec } from '../../../../shared/model/kubernetes.ts';
import { UNSTARTABLE_IMAGE } from '../../../../shared/model/names.ts';
import { PODS } from '../../../../shared/model/resources.ts';
import { SIDECARS } from '../../../support/sidecarImages.ts';
import { type Bench, isAlive, SIDECAR, script, startBench } from './node/bench.ts';

let bench: Bench;
let controllers: ReturnType<typeof startControllers>;
beforeAll(async () => {
  bench = await startBench();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  controllers = startControllers({ client: bench.client, clock: systemClock, log });
});
afterAll(async () => {
  await controllers.stop();
  await bench.close();
});

let made = 0;
const run = (pod: PodSpec, more: Partial<JobSpec> = {}): Promise<Job> => {
  made += 1;
  const template = { spec: { restartPolicy: 'Never' as const, terminationGracePeriodSeconds: 1, ...pod } };
  return bench.client.create<Job>(JOBS, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `job-${made}`, namespace: 'default' },
    spec: { backoffLimit: 0, template, ...more },
  });
};

const podOf = (job: Job): Promise<Pod> =>
  vi.waitFor(async () => {
    const { items } = await bench.client.list<Pod>(PODS, {
      namespace: 'default',
      labelSelector: `job-name=${job.metadata.name}`,
    });
    expect(items).toHaveLength(1);
    return items[0] as Pod;
  });

const verdict = ({ metadata }: Job) =>
  vi.waitFor(
    async () => {
      const job = await bench.client.get<Job>(JOBS, { namespace: 'default', name: metadata.name });
      const final = job?.status?.conditions?.find(({ type }) => type === 'Complete' || type === 'Failed');
      expect(final, JSON.stringify(job?.status)).toBeDefined();
      return [final?.type, final?.reason];
    },
    { timeout: 12_000, interval: 20 },
  );

const SHARED: Pick<PodSpec, 'volumes'> = { volumes: [{ name: 'shared', emptyDir: {} }] };
const volumeMounts = [{ name: 'shared', mountPath: '/shared' }];
const LINES = Array.from({ length: 50 }, (_, index) => `line ${index}\n`).join('');
const writing: Container = script(
  'main',
  'n=0; while [ $n -lt 50 ]; do echo "line $n" >> /shared/lines; n=$((n+1)); done',
  { volumeMounts },
);
const sidecar = (image: string): Container => ({ name: 'side', image, volumeMounts });

const mainHasEnded = async (job: Job): Promise<Pod> => {
  const pod = await podOf(job);
  return bench.until(pod, ({ containerStatuses: [main] = [], phase }) =>
    phase === 'Running' ? main?.state?.terminated : undefined,
  );
};

type End = (pod: Pod) => Promise<unknown>;

const byExec: End = (pod) => bench.exec(pod, 'side', '/bin/sh', '-c', 'kill -TERM 1');
const byEphemeral: End = (pod) => {
  const killer = { name: 'k', image: 'busybox:1', command: ['kill', '1'], targetContainerName: 'side' };
  const patch = { spec: { ephemeralContainers: [killer] } };
  return bench.client.patch(PODS, pod.metadata, patch, {
    type: 'strategic',
    subresource: 'ephemeralcontainers',
  });
};
const byImage =
  (image: string): End =>
  (pod) =>
    bench.client.patch(
      PODS,
      pod.metadata,
      { spec: { containers: [{ name: 'side', image }] } },
      { type: 'strategic' },
    );
const byPhase: End = (pod) =>
  bench.client.patch(
    PODS,
    pod.metadata,
    { status: { phase: 'Succeeded' } },
    { type: 'strategic', subresource: 'status' },
  );

it.each<[string, string, End, 'Complete' | 'Failed']>([
  ['SIGTERM by exec', SIDECARS.exits0, byExec, 'Complete'],
  ['SIGTERM by exec', SIDECARS.exits143, byExec, 'Failed'],
  ['an ephemeral container', SIDECARS.noShell, byEphemeral, 'Complete'],
  ['an ephemeral container', SIDECARS.exits143, byEphemeral, 'Failed'],
  ['the exit image', SIDECARS.exits143, byImage('sidecarset-exit:1'), 'Complete'],
  ['the exit image', SIDECARS.noHandler, byImage('sidecarset-exit:1'), 'Complete'],
  ['an image that is none', SIDECARS.exits0, byImage(UNSTARTABLE_IMAGE), 'Complete'],
  ['an image that is none', SIDECARS.exits143, byImage(UNSTARTABLE_IMAGE), 'Failed'],
  ['the phase', SIDECARS.exits143, byPhase, 'Complete'],
  ['the phase', SIDECARS.ignoresTerm, byPhase, 'Complete'],
])('under Never, by %s, a Job with %s ends with the right verdict, and no line is lost', async (_, image, end, final) => {
  const job = await run({ containers: [writing, sidecar(image)], ...SHARED });
  const pod = await mainHasEnded(job);
  await vi.waitFor(async () => expect(await bench.logs(pod, 'side')).toMatch(/^up$/m));
  await end(pod);
  expect((await verdict(job))[0]).toBe(final);
  const isSwapped = (await bench.pod(pod))?.status?.containerStatuses?.[1]?.restartCount === 1;
  if (image === SIDECARS.noHandler || image === SIDECARS.ignoresTerm) return;
  expect(await bench.logs(pod, 'side', isSwapped)).toBe(`up\n${LINES}`);
});

it.each<[number, 'Complete' | 'Failed']>([
  [0, 'Failed'],
  [1, 'Failed'],
  [6, 'Complete'],
])('under OnFailure the exit image is a restart: with backoffLimit %i the Job is %s', async (backoffLimit, final) => {
  const pod: PodSpec = {
    restartPolicy: 'OnFailure',
    containers: [writing, sidecar(SIDECARS.exits0)],
    ...SHARED,
  };
  const job = await run(pod, { backoffLimit });
  await byImage('sidecarset-exit:1')(await mainHasEnded(job));
  const reason = final === 'Failed' ? 'BackoffLimitExceeded' : 'CompletionsReached';
  expect(await verdict(job)).toEqual([final, reason]);
});

it.each(
  Object.values(SIDECARS),
)('a Job whose native sidecar is %s ends by its main container', async (image) => {
  const native: Container = { ...sidecar(image), restartPolicy: 'Always' };
  const good = await run({ initContainers: [native], containers: [writing], ...SHARED });
  const bad = await run({ initContainers: [native], containers: [script('main', 'exit 3')], ...SHARED });
  expect(await verdict(good)).toEqual(['Complete', 'CompletionsReached']);
  expect(await verdict(bad)).toEqual(['Failed', 'BackoffLimitExceeded']);
});

it('a Job past its activeDeadlineSeconds has its Pod deleted, its processes ended, and is Failed', async () => {
  const job = await run({ containers: [script('main', SIDECAR)] }, { activeDeadlineSeconds: 2 });
  const pod = await podOf(job);
  await vi.waitFor(() => expect(bench.factsOf(pod, 'started')).toHaveLength(1));
  expect(await verdict(job)).toEqual(['Failed', 'DeadlineExceeded']);
  await vi.waitFor(async () => expect(await bench.pod(pod)).toBeUndefined(), { timeout: 5000 });
  expect(bench.factsOf(pod, 'started').filter(({ pid = 0 }) => isAlive(pid))).toEqual([]);
});
