/** Who is process 1 where, and who may signal whom: the rules of PID namespaces and of CAP_KILL. */
import type { Container, EphemeralContainer, Pod } from '../../../../../shared/model/kubernetes.ts';

/** Process 1 as a container sees it: its own first process, the pause process of the Pod, or the machine's own. */
export type FirstProcess = 'own' | 'sandbox' | 'host';

export const firstProcessOf = ({ spec }: Pod): FirstProcess => {
  if (spec.hostPID === true) return 'host';
  return spec.shareProcessNamespace === true ? 'sandbox' : 'own';
};

/** The container whose PID namespace this one lives in; itself, if it has no target. */
export const namespaceOwner = ({ spec }: Pod, name: string): string => {
  const ephemeral = spec.ephemeralContainers?.find((container) => container.name === name);
  return ephemeral?.targetContainerName || name;
};

/** Whether the container's first process is process 1. */
export const isFirstProcess = (pod: Pod, { name }: Container): boolean =>
  firstProcessOf(pod) === 'own' && namespaceOwner(pod, name) === name;

const containerNamed = ({ spec }: Pod, name: string): Container | EphemeralContainer | undefined =>
  [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].find(
    (container) => container.name === name,
  );

/** Images say nothing about users here: without `runAsUser` a process is root's. */
const userOf = ({ spec }: Pod, { securityContext }: Container): number =>
  securityContext?.runAsUser ?? spec.securityContext?.runAsUser ?? 0;

/** Root has it unless it was dropped: ALL is taken away first, then single ones are given, then taken away. */
const canKill = (pod: Pod, container: Container): boolean => {
  if (userOf(pod, container) !== 0) return false;
  const { privileged, capabilities: { add = [], drop = [] } = {} } = container.securityContext ?? {};
  if (privileged) return true;
  if (drop.includes('KILL')) return false;
  return !drop.includes('ALL') || add.includes('KILL');
};

/** Whether a process of one container may signal the first process of another: as its user, or by CAP_KILL. */
export const maySignal = (pod: Pod, from: string, to: string): boolean => {
  const [sender, target] = [containerNamed(pod, from), containerNamed(pod, to)];
  if (sender === undefined || target === undefined) return false;
  return userOf(pod, sender) === userOf(pod, target) || canKill(pod, sender);
};
