/** What a node does to a Pod, one step at a time: it stops a container whose image is another one, and starts it anew. */
import type { Condition, Container, ContainerStatus, Pod } from '../../../shared/model/kubernetes.ts';

/** Images of this tag can't be pulled. */
export const BAD = 'bad';

const isBad = (image: string): boolean => image.endsWith(`:${BAD}`);

const statusesOf = ({ status }: Pod): ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
];

const containersOf = ({ spec }: Pod): Container[] => [...(spec.initContainers ?? []), ...spec.containers];

const wanted = (pod: Pod, name: string): string =>
  containersOf(pod).find((container) => container.name === name)?.image ?? '';

/** The kubelet's next step with one container. */
const step = (pod: Pod, before: ContainerStatus): ContainerStatus => {
  const image = wanted(pod, before.name);
  const isPulling = before.state?.waiting?.reason === 'ContainerCreating';
  if (before.image === image && before.ready) return before;
  if (!isPulling && before.state?.running) {
    return { ...before, ready: false, state: { waiting: { reason: 'ContainerCreating' } } };
  }
  if (isBad(image)) {
    if (!isPulling && before.image === image) return before;
    const waiting = { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` };
    return { ...before, image, imageID: '', ready: false, state: { waiting } };
  }
  const restartCount = before.restartCount + 1;
  return {
    ...before,
    image,
    imageID: `sha256:of-${image}`,
    containerID: `containerd://${before.name}-${image}-${restartCount}`,
    ready: true,
    restartCount,
    state: { running: { startedAt: '2026-03-01T12:00:00Z' } },
  };
};

const withReady = (pod: Pod, ready: boolean, now: Date): Condition[] => {
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'Ready');
  const before = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  const status = ready ? 'True' : 'False';
  if (before?.status === status) return [...others, before];
  const lastTransitionTime = `${now.toISOString().slice(0, 19)}Z`;
  return [...others, { type: 'Ready', status, lastTransitionTime }];
};

/** From Kubernetes 1.34 on: the node says first that it knows the spec. */
const seen = (pod: Pod): Pod | undefined => {
  const { generation } = pod.metadata;
  return generation === undefined || pod.status?.observedGeneration === generation
    ? undefined
    : { ...pod, status: { ...pod.status, observedGeneration: generation } };
};

/** As Kubernetes 1.34 has it. */
export const withGeneration = (pod: Pod): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, generation: 1 },
  status: { ...pod.status, observedGeneration: 1 },
});

/** The Pod after the node's next step, `undefined` if there is none. */
export const nodeStep = (pod: Pod, now: Date): Pod | undefined => {
  const known = seen(pod);
  if (known) return known;
  const before = statusesOf(pod);
  const after = new Map(before.map((status) => [status.name, step(pod, status)]));
  if (before.every((status) => after.get(status.name) === status)) return undefined;
  const apply = (statuses: ContainerStatus[] | undefined) =>
    statuses?.map((status) => after.get(status.name) ?? status);
  const ready = [...after.values()].every((status) => status.ready);
  return {
    ...pod,
    status: {
      ...pod.status,
      phase: pod.status?.phase === 'Pending' ? 'Running' : pod.status?.phase,
      conditions: withReady(pod, ready, now),
      initContainerStatuses: apply(pod.status?.initContainerStatuses),
      containerStatuses: apply(pod.status?.containerStatuses),
    },
  };
};

/** A Pod that was just created: none of its containers runs yet. */
export const notStarted = (pod: Pod): Pod => {
  const unstarted = (containers: Container[] | undefined): ContainerStatus[] | undefined =>
    containers?.map(({ name }) => ({
      name,
      image: '',
      imageID: '',
      ready: false,
      restartCount: -1,
      state: { waiting: { reason: 'ContainerCreating' } },
    }));
  return {
    ...pod,
    status: {
      phase: 'Pending',
      conditions: [{ type: 'Ready', status: 'False' }],
      initContainerStatuses: unstarted(pod.spec.initContainers),
      containerStatuses: unstarted(pod.spec.containers),
    },
  };
};

/** Every container runs what the spec wants, and the Pod is ready. */
export const runsAll = (pod: Pod): boolean =>
  (pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false) &&
  statusesOf(pod).every(({ name, image }) => image === wanted(pod, name));
