/** A SidecarSet `logs` with one sidecar `agent`, and Pods that carry it beside `main`, as the node reports them. */
import { twinNames } from '../../shared/core/injection/hotUpgrade.ts';
import { nextRevision } from '../../shared/core/revision/history.ts';
import { type PodPatch, podPatch } from '../../shared/core/rollout/podPatch.ts';
import type {
  Condition,
  Container,
  ContainerStatus,
  ControllerRevision,
  Pod,
  PodSpec,
  PodStatus,
} from '../../shared/model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_HASH_WITHOUT_IMAGE,
  ANNOTATION_INJECTED_LIST,
  ANNOTATION_WORKING,
} from '../../shared/model/names.ts';
import type {
  SidecarContainer,
  SidecarSet,
  SidecarSetSpec,
  UpdateStrategy,
} from '../../shared/model/sidecarset.ts';

export const SET = 'logs';
const LABELS = { app: 'web' };

/** Image `agent:<tag>`; its hash is `hash-<tag>`, and `shape` that without the image. */
export const makeSet = (
  tag: string,
  updateStrategy: UpdateStrategy = {},
  spec: SidecarSetSpec = {},
): SidecarSet => ({
  apiVersion: 'apps.kruise.io/v1beta1',
  kind: 'SidecarSet',
  metadata: {
    name: SET,
    uid: 'set-uid',
    resourceVersion: '1',
    generation: 1,
    annotations: { [ANNOTATION_HASH]: `hash-${tag}`, [ANNOTATION_HASH_WITHOUT_IMAGE]: 'shape' },
  },
  spec: {
    selector: { matchLabels: LABELS },
    containers: [{ name: 'agent', image: `agent:${tag}` }],
    updateStrategy,
    ...spec,
  },
});

const entry = (hash: string): string =>
  JSON.stringify({
    [SET]: { updateTimestamp: '2026-03-01T11:00:00Z', hash, sidecarSetName: SET, sidecarList: ['agent'] },
  });

const status = (name: string, image: string, ready: boolean): ContainerStatus => ({
  name,
  image,
  imageID: `sha256:of-${image}`,
  ready,
  restartCount: 0,
  state: { running: { startedAt: '2026-03-01T11:01:00Z' } },
});

const readyCondition = (ready: boolean): Condition => ({
  type: 'Ready',
  status: ready ? 'True' : 'False',
  lastTransitionTime: '2026-03-01T11:02:00Z',
});

/** Pod `default/web-<index>` with `agent:<tag>`; `ready: false` is a sidecar that is not. */
export const makeFleetPod = (
  index: number,
  tag: string,
  { ready = true, phase = 'Running' }: { ready?: boolean; phase?: PodStatus['phase'] } = {},
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `web-${index}`,
    namespace: 'default',
    uid: `uid-${index}`,
    resourceVersion: '1',
    creationTimestamp: '2026-03-01T11:00:00Z',
    labels: LABELS,
    annotations: {
      [ANNOTATION_HASH]: entry(`hash-${tag}`),
      [ANNOTATION_HASH_WITHOUT_IMAGE]: entry('shape'),
      [ANNOTATION_INJECTED_LIST]: SET,
    },
  },
  spec: {
    nodeName: 'node',
    containers: [
      { name: 'main', image: 'main:1' },
      { name: 'agent', image: `agent:${tag}` },
    ],
  },
  status: {
    phase,
    conditions: [readyCondition(ready)],
    containerStatuses: [status('main', 'main:1', true), status('agent', `agent:${tag}`, ready)],
  },
});

export const fleet = (count: number, tag: string): Pod[] =>
  Array.from({ length: count }, (_, index) => makeFleetPod(index, tag));

const merged = (containers: Container[], changes: { name: string }[] = []): Container[] =>
  containers.map((container) => ({ ...container, ...changes.find(({ name }) => name === container.name) }));

/** The Pod after the API server took the patch: the node has done nothing yet. */
export const patched = (pod: Pod, patch: PodPatch): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...patch.metadata.annotations } },
  spec: {
    ...pod.spec,
    containers: merged(pod.spec.containers, patch.spec?.containers),
    ...(pod.spec.initContainers && {
      initContainers: merged(pod.spec.initContainers, patch.spec?.initContainers),
    }),
  },
});

/** The Pod's conditions, with another readiness. */
const conditionsOf = ({ status: reported }: Pod, ready: boolean): Condition[] => [
  ...(reported?.conditions ?? []).filter(({ type }) => type !== 'Ready'),
  readyCondition(ready),
];

/** The Pod after its upgrade in place: the node has done nothing yet. */
export const upgraded = (set: SidecarSet, pod: Pod, now = new Date('2026-03-01T12:00:00Z')): Pod =>
  patched(pod, podPatch(set, { pod, way: 'image' }, 'logs-1', now));

const withAgent = (pod: Pod, ready: boolean, change: (before: ContainerStatus) => ContainerStatus): Pod => ({
  ...pod,
  status: {
    ...pod.status,
    conditions: conditionsOf(pod, ready),
    containerStatuses: pod.status?.containerStatuses?.map((before) =>
      before.name === 'agent' ? change(before) : before,
    ),
  },
});

/** The node has stopped the sidecar. */
export const stopped = (pod: Pod): Pod =>
  withAgent(pod, false, (before) => ({ ...before, ready: false, state: { waiting: {} } }));

/** The node runs the image that the spec wants. */
export const restarted = (pod: Pod): Pod => {
  const image = pod.spec.containers.find(({ name }) => name === 'agent')?.image ?? '';
  return withAgent(pod, true, () => status('agent', image, true));
};

export const annotated = (pod: Pod, annotations: Record<string, string>): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...annotations } },
});

export const labelled = (pod: Pod, labels: Record<string, string>): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...labels } },
});

export const withSpec = (pod: Pod, spec: Partial<PodSpec>): Pod => ({
  ...pod,
  spec: { ...pod.spec, ...spec },
});

/** The SidecarSet with annotations. */
export const marked = (set: SidecarSet, annotations: Record<string, string>): SidecarSet => ({
  ...set,
  metadata: { ...set.metadata, annotations: { ...set.metadata.annotations, ...annotations } },
});

/** The SidecarSet with another hash without images: Pods of `shape` differ from it in more than images. */
export const reshaped = (set: SidecarSet, shape = 'other'): SidecarSet =>
  marked(set, { [ANNOTATION_HASH_WITHOUT_IMAGE]: shape });

/** A history of these contents, oldest first. */
export const historyOfSets = (...sets: SidecarSet[]): ControllerRevision[] => {
  const history: ControllerRevision[] = [];
  for (const set of sets) history.push(nextRevision(set, history, 0).revision);
  return history;
};

/** The Pod's record says that its containers come from this revision. */
export const ofRevision = (pod: Pod, revision: ControllerRevision | undefined): Pod => {
  const text = pod.metadata.annotations?.[ANNOTATION_HASH] ?? '{}';
  const hashes = JSON.parse(text) as Record<string, object>;
  const own = { ...hashes[SET], controllerRevision: revision?.metadata.name };
  return annotated(pod, { [ANNOTATION_HASH]: JSON.stringify({ ...hashes, [SET]: own }) });
};

/** The SidecarSet after a run that left so many Pods on their way. */
export const remembering = (set: SidecarSet, pods: number, names: string[] = []): SidecarSet => ({
  ...set,
  status: {
    matchedPods: 0,
    updatedPods: 0,
    readyPods: 0,
    ...set.status,
    claim: { listed: '7', inFlight: { pods, names } },
  },
});

/** The node reports something else of one container, and the Pod's readiness follows. */
export const reporting = (pod: Pod, container: string, change: Partial<ContainerStatus>): Pod => {
  const changed = (statuses: ContainerStatus[] = []) =>
    statuses.map((before) => (before.name === container ? { ...before, ...change } : before));
  const containerStatuses = changed(pod.status?.containerStatuses);
  const init = pod.status?.initContainerStatuses;
  const ready = [...containerStatuses, ...changed(init)].every((one) => one.ready);
  return {
    ...pod,
    status: {
      ...pod.status,
      conditions: conditionsOf(pod, ready),
      containerStatuses,
      ...(init && { initContainerStatuses: changed(init) }),
    },
  };
};

/** The node has stopped one container and waits. */
export const stops = (pod: Pod, container: string, reason?: string): Pod =>
  reporting(pod, container, { ready: false, state: { waiting: { reason } } });

/** The node runs what the spec wants in one container. */
export const starts = (pod: Pod, container: string, ready = true): Pod => {
  const { image = '' } =
    [...(pod.spec.initContainers ?? []), ...pod.spec.containers].find(({ name }) => name === container) ?? {};
  return reporting(pod, container, status(container, image, ready));
};

/** Pod `default/web-<index>` with a native sidecar `agent` in place of the plain one. */
export const makeNativePod = (index: number, tag: string): Pod => {
  const pod = makeFleetPod(index, tag);
  const image = `agent:${tag}`;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      initContainers: [{ name: 'agent', image, restartPolicy: 'Always' }],
      containers: [{ name: 'main', image: 'main:1' }],
    },
    status: {
      ...pod.status,
      containerStatuses: [status('main', 'main:1', true)],
      initContainerStatuses: [status('agent', image, true)],
    },
  };
};

/** {@link makeSet} with a native sidecar `agent`. */
export const makeNativeSet = (tag: string, updateStrategy: UpdateStrategy = {}): SidecarSet =>
  makeSet(tag, updateStrategy, {
    containers: [],
    initContainers: [{ name: 'agent', image: `agent:${tag}`, restartPolicy: 'Always' }],
  });

export const EMPTY = 'empty:1';

export const hotSidecar = (name: string, image: string): SidecarContainer => ({
  name,
  image,
  upgradeStrategy: { upgradeType: 'HotUpgrade', hotUpgradeEmptyImage: EMPTY },
});

/** {@link makeSet} with hot-upgraded sidecars, by default `mesh`, of image `<name>:<tag>`. */
export const makeHotSet = (
  tag: string,
  updateStrategy: UpdateStrategy = {},
  names: string[] = ['mesh'],
): SidecarSet =>
  makeSet(tag, updateStrategy, { containers: names.map((name) => hotSidecar(name, `${name}:${tag}`)) });

/** Pod `default/web-<index>` as injected with {@link makeHotSet}: the first of each two containers works. */
export const makeHotPod = (index: number, tag: string, names: string[] = ['mesh']): Pod => {
  const pod = annotated(makeFleetPod(index, tag), {
    [ANNOTATION_WORKING]: JSON.stringify(Object.fromEntries(names.map((name) => [name, twinNames(name)[0]]))),
    ...Object.fromEntries(
      names.flatMap((name) => [
        [`version.sidecarset.kruise.io/${name}-1`, '1'],
        [`versionalt.sidecarset.kruise.io/${name}-1`, '0'],
        [`version.sidecarset.kruise.io/${name}-2`, '0'],
        [`versionalt.sidecarset.kruise.io/${name}-2`, '1'],
      ]),
    ),
  });
  const containers = [
    { name: 'main', image: 'main:1' },
    ...names.flatMap((name) => [
      { name: `${name}-1`, image: `${name}:${tag}` },
      { name: `${name}-2`, image: EMPTY },
    ]),
  ];
  return {
    ...pod,
    spec: { ...pod.spec, containers },
    status: {
      ...pod.status,
      containerStatuses: containers.map(({ name, image }) => status(name, image, true)),
    },
  };
};
