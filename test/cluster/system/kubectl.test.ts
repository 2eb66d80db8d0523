/** The system on a real control plane, as its users see it: kubectl, and manifests as they write them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type UserCluster } from '../../../cli/cluster.ts';
import { readSink } from '../../../cli/demo/sink.ts';
import { installChecked } from '../../../cli/install/install.ts';
import { createLog } from '../../../shared/io/log.ts';
import { isConflict } from '../../../shared/io/ports.ts';
import { SIDECARSETS } from '../../../shared/model/resources.ts';
import type { Claim, SidecarSet } from '../../../shared/model/sidecarset.ts';
import { type Kubectl, kubectlWith } from '../node/kubectl.ts';
import { type RealMachine, startRealMachine } from './machine.ts';

const EXAMPLES = join(import.meta.dirname, '../../../examples/ilogtail');
const example = (name: string): string[] => ['apply', '-f', join(EXAMPLES, name)];

let directory: string;
let machine: RealMachine;
let cluster: UserCluster;
let kubectl: Kubectl;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'system-'));
  machine = await startRealMachine({
    directory,
    logLevel: 'ERROR',
    log: createLog({ function: 'test', level: 'ERROR', write: console.error }),
    onFact: () => undefined,
  });
  cluster = await openCluster(machine.kubeconfig);
  await installChecked(cluster, { endpoint: machine.endpoint, say: () => undefined });
  kubectl = kubectlWith(machine.kubeconfig, directory);
}, 240_000);
afterAll(async () => {
  await machine?.stop();
  await rm(directory, { recursive: true, force: true });
  // In all of it the functions had the shipped rights only.
  expect(machine?.refusals).toEqual([]);
}, 60_000);

const SCRIPT = "trap 'exit 0' TERM; while :; do sleep 0.1; done";

const container = (name: string) => ({
  name,
  image: 'local/busybox',
  command: ['/bin/sh', '-c', SCRIPT],
});

/** Selects Pods of a label of its own in `default`. */
const sidecarSet = (name: string, spec: object = {}) => ({
  apiVersion: 'apps.kruise.io/v1alpha1',
  kind: 'SidecarSet',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    namespace: 'default',
    containers: [container('side')],
    ...spec,
  },
});

const pod = (name: string, app: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app } },
  spec: { terminationGracePeriodSeconds: 2, containers: [container('main')] },
});

/** Matched, updated and ready Pods, and whoever works on the SidecarSet now. */
const counts = [
  '-o',
  'jsonpath={.status.matchedPods} {.status.updatedPods} {.status.readyPods}{.status.claim.holder}',
];

describe('the definition', () => {
  it('serves both versions, prefers v1beta1 and stores nothing else', async () => {
    const group = JSON.parse(await kubectl('get', '--raw', '/apis/apps.kruise.io'));
    expect(group.preferredVersion.version).toBe('v1beta1');
    expect(group.versions.map(({ version }: { version: string }) => version)).toEqual([
      'v1beta1',
      'v1alpha1',
    ]);
    const stored = ['-o', 'jsonpath={.status.storedVersions}'];
    expect(await kubectl('get', 'crd', 'sidecarsets.apps.kruise.io', ...stored)).toBe('["v1beta1"]');
  });

  it('converts what is written as v1alpha1, and back without a loss', async () => {
    await kubectl.apply(sidecarSet('converted'));
    const selector = ['-o', 'jsonpath={.spec.namespaceSelector.matchLabels}'];
    expect(await kubectl('get', 'sidecarset', 'converted', ...selector)).toBe(
      '{"kubernetes.io/metadata.name":"default"}',
    );
    const alpha = ['get', 'sidecarsets.v1alpha1.apps.kruise.io', 'converted', '-o'];
    expect(await kubectl(...alpha, 'jsonpath={.spec.namespace}')).toBe('default');
    await kubectl.apply(sidecarSet('converted'));
    expect(await kubectl(...alpha, 'jsonpath={.metadata.generation}')).toBe('1');
  });

  it('refuses what it can not do, by the path of the field', async () => {
    const { code, stderr } = await kubectl.run(
      ['apply', '-f', '-'],
      sidecarSet('refused', { selector: null }),
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining('spec.selector: Required value')]);
  });
});

it('the Job of the example completes with its sidecar, which ships every line and exits 0', async () => {
  await kubectl(...example('secret.yaml'), '-f', join(EXAMPLES, 'sidecarset.yaml'));
  await kubectl(...example('job.yaml'));
  await kubectl('wait', '--for=condition=complete', 'job/nginx-mock', '--timeout=50s');
  const ofJob = ['get', 'pods', '-l', 'job-name=nginx-mock', '-o'];
  const path = '.items[*].status.containerStatuses[?(@.name=="ilogtail")].state.terminated.exitCode';
  expect(await kubectl(...ofJob, `jsonpath={${path}}`)).toBe('0');
  const name = await kubectl(...ofJob, 'jsonpath={.items[*].metadata.name}');
  const lines = (await readSink(join(directory, 'sink'))).filter((line) => line.pod === name);
  expect(lines).toHaveLength(100);
}, 90_000);

describe('a SidecarSet and its Pods', () => {
  it('leaves a ControllerRevision of each of its versions', async () => {
    await kubectl.apply(sidecarSet('revised'));
    const revisions = [
      '-n',
      'sidecarset-system',
      '--sort-by=.revision',
      '-o',
      'jsonpath={.items[*].revision}',
    ];
    const list = ['get', 'controllerrevisions', '-l', 'kruise.io/sidecarset-name=revised', ...revisions];
    await kubectl.until(/^1$/, ...list);
    await kubectl.apply(
      sidecarSet('revised', { containers: [{ ...container('side'), image: 'local/busybox:latest' }] }),
    );
    await kubectl.until(/^1 2$/, ...list);
  });

  it.each([
    ['deleted', (name: string) => kubectl('delete', 'pod', name)],
    [
      'evicted',
      async (name: string) => {
        const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } };
        const path = `/api/v1/namespaces/default/pods/${name}/eviction`;
        const { code, stderr } = await kubectl.run(['create', '--raw', path, '-f', '-'], eviction);
        expect([code, stderr]).toEqual([0, '']);
      },
    ],
  ])('counts a Pod, and counts it no more when it is %s', async (how, remove) => {
    await kubectl.apply(sidecarSet(how));
    await kubectl.apply(pod(`${how}-pod`, how));
    await kubectl.until(/^1 1 1$/, 'get', 'sidecarset', how, ...counts);
    await remove(`${how}-pod`);
    await kubectl.until(/^0 0 0$/, 'get', 'sidecarset', how, ...counts);
  });

  it('is claimed for each round of work, and the claim is given up with the status', async () => {
    const claims: Claim[] = [];
    const stop = await cluster.follow<SidecarSet>(SIDECARSETS, (_, { metadata, status }) => {
      if (metadata.name === 'claimed' && status?.claim) claims.push(status.claim);
    });
    try {
      await kubectl.apply(sidecarSet('claimed'));
      await kubectl.until(/^0 0 0$/, 'get', 'sidecarset', 'claimed', ...counts);
    } finally {
      stop();
    }
    expect(claims[0]).toMatchObject({ holder: expect.any(String), until: expect.any(String) });
    expect(claims.at(-1)).toEqual({
      listed: expect.stringMatching(/^\d+$/),
      at: expect.any(String),
      inFlight: { pods: 0, names: [] },
    });
  });

  it('loses no status to a writer who has read an older one', async () => {
    await kubectl.apply(sidecarSet('contended'));
    await kubectl.until(/^0 0 0$/, 'get', 'sidecarset', 'contended', ...counts);
    const stale = await cluster.get<SidecarSet>(SIDECARSETS, { name: 'contended' });
    if (!stale) throw new Error('the SidecarSet is gone');
    await cluster.replace(SIDECARSETS, { ...stale, status: { ...stale.status, matchedPods: 7 } }, 'status');
    const second = cluster.replace(
      SIDECARSETS,
      { ...stale, status: { ...stale.status, matchedPods: 8 } },
      'status',
    );
    expect(isConflict(await second.catch((fault: unknown) => fault))).toBe(true);
  });
});
