/** The simulated node under real controllers: what they and a real API server make of its native and ephemeral containers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../shared/io/log.ts';
import { UNSTARTABLE_IMAGE } from '../../shared/model/names.ts';
import { type NodeCluster, startNodeCluster } from './node/cluster.ts';
import { type Kubectl, kubectlWith } from './node/kubectl.ts';

let directory: string;
let cluster: NodeCluster;
let kubectl: Kubectl;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sidecars-'));
  const log = createLog({ function: 'test', level: 'ERROR', write: console.error });
  cluster = await startNodeCluster({ directory, sink: join(directory, 'sink'), log });
  kubectl = kubectlWith(cluster.kubeconfig, directory);
}, 240_000);
afterAll(async () => {
  await cluster?.stop();
  await rm(directory, { recursive: true, force: true });
}, 60_000);

const container = (name: string, script: string, more: object = {}) => ({
  name,
  image: 'busybox:1',
  command: ['/bin/sh', '-c', script],
  ...more,
});

const exiting = (exitCode: number) => `trap 'exit ${exitCode}' TERM; echo up; while :; do sleep 0.1; done`;

const job = (name: string, spec: object, backoffLimit = 0) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: 'default' },
  spec: {
    backoffLimit,
    template: { spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 2, ...spec } },
  },
});

const podOf = (name: string) =>
  kubectl.until(/^.+$/, 'get', 'pods', '-l', `job-name=${name}`, '-o', 'jsonpath={.items[0].metadata.name}');

const ends = (name: string, condition: 'Complete' | 'Failed') =>
  kubectl('wait', `job/${name}`, `--for=condition=${condition}`, '--timeout=30s');

const mainEnds = async (pod: string) =>
  kubectl.until(
    /terminated/,
    'get',
    'pod',
    pod,
    '-o',
    'jsonpath={.status.containerStatuses[?(@.name=="main")].state}',
  );

it('a Job with native sidecars is Complete whatever they exit with', async () => {
  await kubectl.apply(
    job('native', {
      initContainers: [
        container('s1', exiting(143), { restartPolicy: 'Always' }),
        container('s2', 'while :; do sleep 0.1; done', { restartPolicy: 'Always' }),
      ],
      containers: [container('main', 'sleep 0.5')],
    }),
  );
  await ends('native', 'Complete');
  const exitCodes = 'jsonpath={.status.initContainerStatuses[*].state.terminated.exitCode}';
  expect(await kubectl('get', 'pod', await podOf('native'), '-o', exitCodes)).toBe('143 137');
});

it.each([
  [0, 'Complete'],
  [143, 'Failed'],
] as const)('a Job whose sidecar ends with %i by an ephemeral container is %s', async (exitCode, condition) => {
  const name = `killed-${exitCode}`;
  await kubectl.apply(
    job(name, { containers: [container('main', 'true'), container('side', exiting(exitCode))] }),
  );
  const pod = await podOf(name);
  await mainEnds(pod);
  const killer = { name: 'killer', image: 'busybox:1', command: ['kill', '1'], targetContainerName: 'side' };
  const patch = JSON.stringify({ spec: { ephemeralContainers: [killer] } });
  await kubectl('patch', 'pod', pod, '--subresource=ephemeralcontainers', '-p', patch);
  await ends(name, condition);
  const state = 'jsonpath={.status.ephemeralContainerStatuses[0].state}';
  expect(await kubectl('get', 'pod', pod, '-o', state)).toContain('terminated');
});

it.each([
  ['Never', 0, 'Complete'],
  ['Never', 143, 'Failed'],
  ['OnFailure', 0, 'Complete'],
] as const)('under %s a sidecar whose image is none keeps exit code %i: the Job is %s', async (restartPolicy, exitCode, condition) => {
  const name = `stopped-${restartPolicy.toLowerCase()}-${exitCode}`;
  const containers = [container('main', 'true'), container('side', exiting(exitCode))];
  await kubectl.apply(job(name, { restartPolicy, containers }));
  const pod = await podOf(name);
  await mainEnds(pod);
  await kubectl('set', 'image', `pod/${pod}`, `side=${UNSTARTABLE_IMAGE}`);
  await ends(name, condition);
});

it.each([
  [0, 'busybox:2', 'Failed'],
  [6, 'sidecarset-exit:1', 'Complete'],
] as const)('under OnFailure another image is a restart: with backoffLimit %i and %s the Job is %s', async (limit, image, condition) => {
  const name = `swapped-${limit}`;
  const containers = [container('main', 'true'), container('side', exiting(0))];
  await kubectl.apply(job(name, { restartPolicy: 'OnFailure', containers }, limit));
  const pod = await podOf(name);
  await mainEnds(pod);
  await kubectl('set', 'image', `pod/${pod}`, `side=${image}`);
  await ends(name, condition);
});

it('a Job whose Pod somebody has called Succeeded is Complete, and the sidecar is ended', async () => {
  await kubectl.apply(
    job('settled', { containers: [container('main', 'true'), container('side', exiting(143))] }),
  );
  const pod = await podOf('settled');
  await mainEnds(pod);
  await kubectl('patch', 'pod', pod, '--subresource=status', '-p', '{"status":{"phase":"Succeeded"}}');
  await ends('settled', 'Complete');
  const code = 'jsonpath={.status.containerStatuses[?(@.name=="side")].state.terminated.exitCode}';
  await kubectl.until(/^143$/, 'get', 'pod', pod, '-o', code);
  expect(await kubectl('get', 'pod', pod, '-o', 'jsonpath={.status.phase}')).toBe('Succeeded');
});
