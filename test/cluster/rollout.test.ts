/** The rollout on a real API server, under its own rights: what is stored of what it writes, and what kubectl shows. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, isConflict } from '../../shared/io/ports.ts';
import type { KubernetesObject, Pod } from '../../shared/model/kubernetes.ts';
import { EVENTS, PODS, SIDECARSETS } from '../../shared/model/resources.ts';
import type { SidecarSet, SidecarSetStatus } from '../../shared/model/sidecarset.ts';
import { startControlPlane } from './controlPlane/controlPlane.ts';
import { type Kubectl, kubectlWith } from './node/kubectl.ts';
import { type Setting, startSetting, untilTakesPods } from './rights/setting.ts';
import {
  BUDGETS,
  catchUp,
  recreate,
  recreateBlocked,
  replica,
  resizePod,
  runFor,
  upgradeHot,
  upgradeNative,
  type Where,
} from './rights/upgrades.ts';

const NAMESPACE = 'rollout';
const where = (name: string): Where => ({ namespace: NAMESPACE, name });

let directory: string;
let setting: Setting;
let kubectl: Kubectl;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sidecarset-rollout-'));
  setting = await startSetting([NAMESPACE], async (options) => {
    const cluster = await startControlPlane(options);
    kubectl = kubectlWith(cluster.kubeconfig, directory);
    return cluster;
  });
  await untilTakesPods(setting, NAMESPACE);
}, 120_000);
afterAll(async () => {
  await setting?.stop();
  await rm(directory, { recursive: true, force: true });
});

const podOf = async (name: string): Promise<Pod> => {
  const pod = await setting.admin.get<Pod>(PODS, where(name));
  if (pod === undefined) throw new Error(`there is no Pod ${name}`);
  return pod;
};
const setOf = async (name: string): Promise<SidecarSet> => {
  const set = await setting.admin.get<SidecarSet>(SIDECARSETS, { name });
  if (set === undefined) throw new Error(`there is no SidecarSet ${name}`);
  return set;
};

/** The client that also notes the statuses of SidecarSets that go through it. */
const noting =
  (statuses: (SidecarSetStatus | undefined)[]) =>
  (cluster: Cluster): Cluster => ({
    ...cluster,
    replace: (resource, object, subresource) => {
      statuses.push(JSON.parse(JSON.stringify((object as KubernetesObject & { status?: unknown }).status)));
      return cluster.replace(resource, object, subresource);
    },
  });

/** After a run: what is stored is what was sent last. */
const expectStored = async (name: string): Promise<SidecarSetStatus> => {
  const sent: (SidecarSetStatus | undefined)[] = [];
  await runFor(setting, where(name), noting(sent));
  const { status } = await setOf(name);
  expect(status).toEqual(sent.at(-1));
  if (status === undefined) throw new Error('there is no status');
  return status;
};

describe('a native sidecar', () => {
  it('is upgraded, with an annotation for the Pod, and kubectl waits for the end', async () => {
    expect(await upgradeNative(setting, where('logs'))).toEqual(['RolloutMoved', 'RolloutWatched']);
    expect(await podOf('logs')).toMatchObject({
      metadata: { annotations: { 'team/agent': 'v2' } },
      spec: {
        initContainers: [
          { name: 'agent', image: 'agent:v2' },
          { name: 'proxy', image: 'proxy:v2' },
        ],
      },
    });
    expect((await setOf('logs')).status).toMatchObject({
      conditions: expect.arrayContaining([expect.objectContaining({ type: 'Progressing', status: 'True' })]),
      waiting: [{ reason: 'InFlight', pods: 1, names: ['rollout/logs'] }],
      claim: { inFlight: { pods: 1, names: ['rollout/logs'] } },
    });

    const waiting = kubectl('wait', 'sidecarset/logs', '--for=condition=Progressing=False', '--timeout=30s');
    await catchUp(setting, where('logs'));
    expect(await runFor(setting, where('logs'))).toEqual(['RolloutNothing']);
    expect(await waiting).toBe('sidecarset.apps.kruise.io/logs condition met');
  });

  it('is counted in the columns that kubectl shows', async () => {
    const table = await kubectl('get', 'sidecarset', 'logs');
    expect(table.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['NAME', 'MATCHED', 'UPDATED', 'READY', 'AGE'],
      ['logs', '1', '1', '1', expect.stringMatching(/^\d+s$/)],
    ]);
  });

  it('that is where it should be leaves a second resync nothing to write', async () => {
    const before = [await setOf('logs'), await podOf('logs')];
    const calls = setting.calls.rollout.length;
    expect(await runFor(setting, where('logs'))).toEqual(['RolloutNothing']);
    expect(setting.calls.rollout.slice(calls).map(({ method }) => method)).not.toContain('PUT');
    expect([await setOf('logs'), await podOf('logs')]).toEqual(before);
  });

  it('of a Pod that has changed meanwhile is left alone', async () => {
    const { metadata } = await podOf('logs');
    await setting.admin.patch(PODS, where('logs'), { metadata: { labels: { a: 'b' } } }, { type: 'merge' });
    const { uid, resourceVersion } = metadata;
    const patch = {
      metadata: { uid, resourceVersion },
      spec: { initContainers: [{ name: 'agent', image: 'agent:v3' }] },
    };
    await expect(
      setting.clusters.rollout.patch(PODS, where('logs'), patch, { type: 'strategic' }),
    ).rejects.toSatisfy(isConflict);
  });
});

describe('a hot upgrade', () => {
  it('ends with the empty image in the old container, and says so', async () => {
    await upgradeHot(setting, where('hot'));
    const pod = await podOf('hot');
    expect(pod.spec.containers.map(({ image }) => image)).toEqual(['main:1', 'empty:1', 'hot:v2']);
    const events = await setting.admin.list<KubernetesObject & { reason: string }>(EVENTS, {
      namespace: NAMESPACE,
    });
    expect(events.items.map(({ reason }) => reason)).toContain('ResetContainerSucceed');
    await catchUp(setting, where('hot'));
    expect(await runFor(setting, where('hot'))).toEqual(['RolloutNothing']);
  });
});

describe('other resources', () => {
  it('reach the running Pod, and then it carries the revision', async () => {
    await resizePod(setting, where('resized'));
    const { spec, metadata } = await podOf('resized');
    const resources = { requests: { cpu: '200m' } };
    expect(spec.containers[1]).toMatchObject({ name: 'agent', image: 'agent:v3', resources });
    expect(spec.initContainers).toMatchObject([{ name: 'native', image: 'native:v3', resources }]);
    expect(metadata.annotations?.['kruise.io/sidecarset-hash-without-image']).toContain('"hash":"wider"');
    await catchUp(setting, where('resized'));
    expect(await runFor(setting, where('resized'))).toEqual(['RolloutNothing']);
    expect((await setOf('resized')).status).toMatchObject({ updatedPods: 1, readyPods: 1 });
  });
});

describe('a Pod that has to be replaced', () => {
  it('waits for a PodDisruptionBudget that does not let it go', async () => {
    await recreateBlocked(setting, where('recreated'));
    const evictions = setting.calls.rollout.filter(({ path }) => path.includes('/eviction'));
    expect(evictions.map(({ status }) => status)).toEqual([429]);
    const { metadata } = await replica(setting, where('recreated'));
    expect(await expectStored('recreated')).toMatchObject({
      waiting: [{ reason: 'DisruptionBudget', pods: 1, names: [`${NAMESPACE}/${metadata.name}`] }],
    });
  });

  it('is refused where two of them select it', async () => {
    const second = { namespace: NAMESPACE, name: 'second' };
    const spec = { maxUnavailable: 1, selector: { matchLabels: { app: 'recreated' } } };
    await setting.admin.create<KubernetesObject & { spec: object }>(BUDGETS, { metadata: second, spec });
    expect((await expectStored('recreated')).waiting).toMatchObject([{ reason: 'Refused', pods: 1 }]);
    await setting.admin.remove(BUDGETS, second);
  });

  it('is evicted once it may go, and the gap is remembered until another one is there', async () => {
    const before = await replica(setting, where('recreated'));
    expect(await recreate(setting, where('recreated'))).toEqual(['RolloutMoved', 'RolloutWatched']);
    expect((await setOf('recreated')).status).toMatchObject({
      recreating: { pods: 1, until: expect.any(String) },
    });
    const after = await replica(setting, where('recreated'), before);
    expect(await setting.admin.get(PODS, before.metadata)).toBeUndefined();
    await catchUp(setting, after.metadata);
    const status = await expectStored('recreated');
    expect(status).toMatchObject({ matchedPods: 1, updatedPods: 1, readyPods: 1 });
    expect(status.recreating).toBeUndefined();
  });
});
