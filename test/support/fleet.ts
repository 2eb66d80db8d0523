/** A SidecarSet `logs` with one sidecar `agent`, and Pods that carry it beside `main`, as the node reports them. */
import type { PodPatch } from '../../shared/core/rollout/podPatch.ts';
import type { Condition, ContainerStatus, Pod, PodStatus } from '../../shared/model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_HASH_WITHOUT_IMAGE,
  ANNOTATION_INJECTED_LIST,
} from '../../shared/model/names.ts';
import type { SidecarSet, SidecarSetSpec, UpdateStrategy } from '../../shared/model/sidecarset.ts';

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

/** The Pod after the API server took the patch: the node has done nothing yet. */
export const patched = (pod: Pod, patch: PodPatch): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...patch.metadata.annotations } },
  spec: {
    ...pod.spec,
    containers: pod.spec.containers.map((container) => ({
      ...container,
      ...patch.spec?.containers?.find(({ name }) => name === container.name),
    })),
  },
});

const withAgent = (pod: Pod, ready: boolean, change: (before: ContainerStatus) => ContainerStatus): Pod => ({
  ...pod,
  status: {
    ...pod.status,
    conditions: [
      ...(pod.status?.conditions ?? []).filter(({ type }) => type !== 'Ready'),
      readyCondition(ready),
    ],
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
