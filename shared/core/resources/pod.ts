/** What several decisions read from a Pod. */
import type { Container, ContainerStatus, KubernetesObject, Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_INJECTED_LIST, ENV_INJECTED } from '../../model/names.ts';

export const containerStatus = (pod: Pod, name: string): ContainerStatus | undefined =>
  pod.status?.containerStatuses?.find((status) => status.name === name);

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

/** The containers that came from a SidecarSet. */
export const injectedContainers = (pod: Pod): Container[] =>
  pod.spec.containers.filter((container) => switchedOn(container, ENV_INJECTED));
