/** What several decisions read from a Pod. */
import type { Container, ContainerStatus, KubernetesObject, Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_INJECTED_LIST, ENV_INJECTED } from '../../model/names.ts';

/** Init containers first; a name stands once in a Pod. */
export const allContainers = ({ spec }: Pod): Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
];

export const allContainerStatuses = ({ status }: Pod): ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
];

export const containerStatus = (pod: Pod, name: string): ContainerStatus | undefined =>
  allContainerStatuses(pod).find((status) => status.name === name);

/** The Pod's Ready condition is True. */
export const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

/** The phase is Succeeded or Failed: the kubelet never leaves it again. */
export const isTerminal = (pod: Pod): boolean =>
  pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/**
 * The literal `value` of a container's environment variable, '' if there is none.
 * Of duplicates the last counts, as for the process; `valueFrom` counts as empty, as in OpenKruise.
 */
export const literalEnv = (container: Container, name: string): string =>
  container.env?.findLast((variable) => variable.name === name)?.value ?? '';

/** `true` in any case, the form of every switch of OpenKruise that is an environment variable. */
export const switchedOn = (container: Container, name: string): boolean =>
  literalEnv(container, name).toLowerCase() === 'true';

/** SidecarSet names in the Pod's injected list; needs metadata only. */
export const injectedSets = ({ metadata }: KubernetesObject): string[] => {
  const names = (metadata.annotations?.[ANNOTATION_INJECTED_LIST] ?? '').split(',');
  return [...new Set(names)].filter((name) => name !== '');
};

/** The containers and init containers that came from a SidecarSet. */
export const injectedContainers = (pod: Pod): Container[] =>
  allContainers(pod).filter((container) => switchedOn(container, ENV_INJECTED));

/** How a Pod is named in status, logs and messages. */
export const podKey = ({ metadata: { namespace, name } }: KubernetesObject): string => `${namespace}/${name}`;
