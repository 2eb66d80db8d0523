/** The parts of a Pod that a rollout decides on: of ten thousand Pods the rest would not fit into a function. */
import type { Condition, Container, ContainerStatus, Pod } from '../../model/kubernetes.ts';
import { CONDITION_UPGRADABLE, ENV_BARRIER } from '../../model/names.ts';

/** Long texts of others that no rollout reads. */
const LONG_ANNOTATIONS = ['kubectl.kubernetes.io/last-applied-configuration'];

const container = ({ name, image, resources, restartPolicy, env }: Container): Container => {
  const barrier = env?.filter((variable) => variable.name === ENV_BARRIER);
  return { name, image, resources, restartPolicy, ...(barrier?.length && { env: barrier }) };
};

const condition = ({ type, status, reason, message, lastTransitionTime }: Condition): Condition => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime,
});

const isRead = ({ type }: Condition): boolean => type === 'Ready' || type === CONDITION_UPGRADABLE;

/** Of a container that runs nothing more is asked. */
const status = (from: ContainerStatus): ContainerStatus => {
  const {
    name,
    image,
    imageID,
    containerID,
    ready,
    restartCount,
    state: { waiting, terminated } = {},
  } = from;
  const state = waiting || terminated ? { waiting, terminated } : undefined;
  return { name, image, imageID, containerID, ready, restartCount, ...(state && { state }) };
};

const annotations = (from: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(from).filter(([key]) => !LONG_ANNOTATIONS.includes(key)));

/** The Pod without all that no rollout reads. */
export const slimPod = (pod: Pod): Pod => {
  const { name, namespace, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp } =
    pod.metadata;
  const { nodeName, restartPolicy, containers, initContainers } = pod.spec;
  const { phase, conditions, containerStatuses, initContainerStatuses, observedGeneration } =
    pod.status ?? {};
  return {
    metadata: {
      name,
      namespace,
      uid,
      resourceVersion,
      generation,
      creationTimestamp,
      deletionTimestamp,
      labels: pod.metadata.labels,
      annotations: annotations(pod.metadata.annotations),
      ownerReferences: pod.metadata.ownerReferences?.filter(({ controller }) => controller),
    },
    spec: {
      nodeName,
      restartPolicy,
      containers: containers.map(container),
      initContainers: initContainers?.map(container),
    },
    status: {
      phase,
      observedGeneration,
      conditions: conditions?.filter(isRead).map(condition),
      containerStatuses: containerStatuses?.map(status),
      initContainerStatuses: initContainerStatuses?.map(status),
    },
  };
};
