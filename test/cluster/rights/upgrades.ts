/** Running Pods that `rollout` upgrades in each of its ways, with its own identity. The node is played by us. */
import { vi } from 'vitest';
import { createRollout } from '../../../functions/rollout/run.ts';
import { systemClock } from '../../../shared/io/clock.ts';
import type { Cluster } from '../../../shared/io/ports.ts';
import type { Container, ContainerStatus, KubernetesObject, Pod } from '../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_BEYOND_IMAGE,
  ANNOTATION_HASH,
  ANNOTATION_HASH_WITHOUT_IMAGE,
  ANNOTATION_INJECTED_LIST,
} from '../../../shared/model/names.ts';
import { PODS, type Resource, SIDECARSETS } from '../../../shared/model/resources.ts';
import type { SidecarSet, SidecarSetSpec } from '../../../shared/model/sidecarset.ts';
import { createFakeLog } from '../../support/fakes.ts';
import { eventFor } from '../../support/pods.ts';
import type { Setting } from './setting.ts';

const REPLICA_SETS: Resource = {
  group: 'apps',
  version: 'v1',
  plural: 'replicasets',
  kind: 'ReplicaSet',
  namespaced: true,
};
export const BUDGETS: Resource = {
  group: 'policy',
  version: 'v1',
  plural: 'poddisruptionbudgets',
  kind: 'PodDisruptionBudget',
  namespaced: true,
};
const PATIENCE = { timeout: 30_000, interval: 100 };

/** What a SidecarSet and its Pods go by. */
export interface Where {
  namespace: string;
  /** Of the SidecarSet, of the label that it selects, and of the Pod. */
  name: string;
}

interface Version {
  tag: string;
  /** The hash without images. */
  shape?: string;
}

type Annotations = Record<string, string>;

const hashes = ({ tag, shape = 'shape' }: Version): Annotations => ({
  [ANNOTATION_HASH]: `hash-${tag}-${shape}`,
  [ANNOTATION_HASH_WITHOUT_IMAGE]: shape,
});

/** Creates the SidecarSet, or changes it. */
export const applySet = async (
  { admin }: Setting,
  { name }: Where,
  { spec, annotations, ...version }: Version & { spec: SidecarSetSpec; annotations?: Annotations },
): Promise<void> => {
  const stored = await admin.get<SidecarSet>(SIDECARSETS, { name });
  const set: SidecarSet = {
    apiVersion: 'apps.kruise.io/v1beta1',
    kind: 'SidecarSet',
    metadata: { ...stored?.metadata, name, annotations: { ...hashes(version), ...annotations } },
    spec: { selector: { matchLabels: { app: name } }, ...spec },
  };
  await (stored ? admin.replace(SIDECARSETS, set) : admin.create(SIDECARSETS, set));
};

const injected = (container: Container): Container => ({
  ...container,
  env: [{ name: 'IS_INJECTED', value: 'true' }],
});

const MAIN: Container = { name: 'main', image: 'main:1', resources: { requests: { cpu: '100m' } } };

/** Metadata and spec of a Pod that the SidecarSet has injected its first version into. */
const templateOf = (
  { name }: Where,
  version: Version,
  {
    annotations,
    containers = [],
    initContainers = [],
  }: { annotations?: Annotations; containers?: Container[]; initContainers?: Container[] },
) => ({
  metadata: {
    labels: { app: name },
    annotations: {
      ...Object.fromEntries(
        Object.entries(hashes(version)).map(([key, hash]) => [
          key,
          JSON.stringify({ [name]: { updateTimestamp: null, hash, sidecarSetName: name, sidecarList: [] } }),
        ]),
      ),
      [ANNOTATION_INJECTED_LIST]: name,
      ...annotations,
    },
  },
  spec: {
    containers: [MAIN, ...containers.map(injected)],
    ...(initContainers.length > 0 && { initContainers: initContainers.map(injected) }),
  },
});

const createPod = async (
  setting: Setting,
  { namespace, name }: Where,
  { metadata, spec }: ReturnType<typeof templateOf>,
): Promise<void> => {
  await setting.admin.create<Pod>(PODS, { metadata: { ...metadata, name, namespace }, spec });
  await catchUp(setting, { namespace, name });
};

/** A node that can resize says which resources a container has. */
const running = ({
  name,
  image = '',
  resources = {},
}: Container): ContainerStatus & { resources: object } => ({
  name,
  image,
  imageID: `sha256:of-${image}`,
  containerID: `containerd://of-${name}-${image}`,
  ready: true,
  started: true,
  restartCount: 0,
  state: { running: { startedAt: '2026-03-01T11:59:00Z' } },
  resources,
});

/** The node runs what the Pod's spec says. */
export const catchUp = async (
  { admin }: Setting,
  { namespace, name }: { namespace?: string; name: string },
): Promise<Pod> => {
  const pod = await admin.get<Pod>(PODS, { namespace, name });
  if (pod === undefined) throw new Error(`there is no Pod ${name}`);
  const { containers, initContainers = [] } = pod.spec;
  const status = {
    phase: 'Running',
    observedGeneration: pod.metadata.generation,
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-03-01T12:00:00Z' }],
    containerStatuses: containers.map(running),
    initContainerStatuses: initContainers.map(running),
  };
  return admin.patch(PODS, { namespace, name }, { status }, { type: 'strategic', subresource: 'status' });
};

/** A run as resync asks for it; the codes of its outcomes. */
export const runFor = async (
  { clusters }: Setting,
  { name }: Where,
  through: (cluster: Cluster) => Cluster = (same) => same,
): Promise<string[]> => {
  const cluster = through(clusters.rollout);
  const newHolder = () => `run-of-${name}`;
  const rollout = createRollout({ cluster, clock: systemClock, log: createFakeLog(), newHolder });
  const event = eventFor('rollout', { ref: { kind: 'SidecarSet', name }, sets: [name] });
  const outcomes = await rollout(event, { deadline: new Date(Date.now() + 50_000) });
  return outcomes.map(({ code }) => code);
};

/**
 * A native sidecar and a plain one that was injected as a native one get new images, and the Pod an annotation of the
 * user's choosing. Its node has not followed yet.
 */
export const upgradeNative = async (setting: Setting, where: Where): Promise<string[]> => {
  const native = (tag: string, name = 'agent') => ({
    name,
    image: `${name}:${tag}`,
    restartPolicy: 'Always',
  });
  const initContainers = [native('v1'), native('v1', 'proxy')];
  await createPod(setting, where, templateOf(where, { tag: 'v1' }, { initContainers }));
  await applySet(setting, where, {
    tag: 'v2',
    spec: {
      initContainers: [native('v2')],
      containers: [{ name: 'proxy', image: 'proxy:v2' }],
      patchPodMetadata: [{ annotations: { 'team/agent': 'v2' }, patchPolicy: 'Overwrite' }],
    },
  });
  return runFor(setting, where);
};

const EMPTY = 'empty:1';

/** The new version starts in the empty container, takes over, and the old one becomes empty. */
export const upgradeHot = async (setting: Setting, where: Where): Promise<string[]> => {
  const containers = [
    { name: 'hot-1', image: 'hot:v1' },
    { name: 'hot-2', image: EMPTY },
  ];
  const annotations = {
    'kruise.io/sidecarset-working-hotupgrade-container': '{"hot":"hot-1"}',
    'version.sidecarset.kruise.io/hot-1': '1',
    'versionalt.sidecarset.kruise.io/hot-1': '0',
    'version.sidecarset.kruise.io/hot-2': '0',
    'versionalt.sidecarset.kruise.io/hot-2': '1',
  };
  await createPod(setting, where, templateOf(where, { tag: 'v1' }, { annotations, containers }));
  const upgradeStrategy = { upgradeType: 'HotUpgrade', hotUpgradeEmptyImage: EMPTY } as const;
  await applySet(setting, where, {
    tag: 'v2',
    spec: { containers: [{ name: 'hot', image: 'hot:v2', upgradeStrategy }] },
  });
  const started = await runFor(setting, where);
  await catchUp(setting, where);
  return [...started, ...(await runFor(setting, where))];
};

/** An upgrade in place, after which the Pod's revision is known, and then more resources for both sidecars. */
export const resizePod = async (setting: Setting, where: Where): Promise<string[]> => {
  const sidecars = (tag: string, cpu?: string) => {
    const resources = cpu === undefined ? {} : { resources: { requests: { cpu } } };
    return {
      initContainers: [{ name: 'native', image: `native:${tag}`, restartPolicy: 'Always', ...resources }],
      containers: [{ name: 'agent', image: `agent:${tag}`, ...resources }],
    };
  };
  await createPod(setting, where, templateOf(where, { tag: 'v1' }, sidecars('v1')));
  await applySet(setting, where, { tag: 'v2', spec: sidecars('v2') });
  const upgraded = await runFor(setting, where);
  await catchUp(setting, where);
  await applySet(setting, where, {
    tag: 'v3',
    shape: 'wider',
    spec: sidecars('v3', '200m'),
    annotations: { [ANNOTATION_BEYOND_IMAGE]: 'resize' },
  });
  return [...upgraded, ...(await runFor(setting, where))];
};

/** The Pod that the ReplicaSet has made, in its first place or after another one. */
export const replica = ({ admin }: Setting, { namespace, name }: Where, after?: Pod): Promise<Pod> =>
  vi.waitUntil(
    async () =>
      (await admin.list<Pod>(PODS, { namespace, labelSelector: `app=${name}` })).items.find(
        ({ metadata }) => metadata.uid !== after?.metadata.uid,
      ),
    PATIENCE,
  );

/** A Pod of a ReplicaSet that differs in more than images, and a PodDisruptionBudget that does not let it go. */
export const recreateBlocked = async (setting: Setting, where: Where): Promise<string[]> => {
  const { admin } = setting;
  const { namespace, name } = where;
  const selector = { matchLabels: { app: name } };
  const template = templateOf(
    where,
    { tag: 'v1', shape: 'old' },
    { containers: [{ name: 'agent', image: 'a' }] },
  );
  await admin.create<KubernetesObject & { spec: object }>(REPLICA_SETS, {
    metadata: { name, namespace },
    spec: { replicas: 1, selector, template },
  });
  await admin.create<KubernetesObject & { spec: object }>(BUDGETS, {
    metadata: { name, namespace },
    spec: { minAvailable: 1, selector },
  });
  await catchUp(setting, (await replica(setting, where)).metadata);
  await applySet(setting, where, {
    tag: 'v2',
    shape: 'new',
    spec: { containers: [{ name: 'agent', image: 'a' }] },
    annotations: { [ANNOTATION_BEYOND_IMAGE]: 'recreate' },
  });
  return runFor(setting, where);
};

/** After {@link recreateBlocked}: the budget is gone, and so the Pod goes. The next one is injected the new version. */
export const recreate = async (setting: Setting, where: Where): Promise<string[]> => {
  const { metadata } = templateOf(where, { tag: 'v2', shape: 'new' }, {});
  const patch = { spec: { template: { metadata } } };
  await setting.admin.patch(REPLICA_SETS, where, patch, { type: 'merge' });
  await setting.admin.remove(BUDGETS, where);
  return runFor(setting, where);
};
