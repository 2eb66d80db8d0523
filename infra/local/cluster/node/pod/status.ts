import type { Container, PodStatus } from '../../../../../shared/model/kubernetes.ts';
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import { conditionsOf } from './conditions.ts';
import { type ContainerInput, containerStatus, type Role } from './containerStatus.ts';
import { DEADLINE_EXCEEDED } from './deadline.ts';
import { isOver, type Phase, phaseOf } from './phase.ts';
import { isNativeSidecar } from './restart.ts';

export type { Waiting } from './containerStatus.ts';

export interface StatusInput extends ContainerInput {
  podIp: string;
  startTime: Date;
  /** The phase that somebody else has ended the Pod with: it is never left again. */
  settled?: Phase;
  /** Its `activeDeadlineSeconds` have passed. */
  isLate: boolean;
  /** The status that was written last. */
  before: PodStatus;
  now: Date;
}

export interface StatusVerdict {
  status: PodStatus;
  /** What the Pod comes to; a terminal phase of the node's own finding is written only when the Pod is `over`. */
  phase: Phase;
}

const HOST_IP = '127.0.0.1';

const statusesOf = (input: StatusInput) => {
  const { initContainers = [], containers, ephemeralContainers = [] } = input.pod.spec;
  const of = (list: Container[], role: Role) =>
    list.map((container) => containerStatus(input, container, role));
  const all = of(initContainers, 'init');
  const natives = initContainers.filter(isNativeSidecar).map(({ name }) => name);
  return {
    all,
    init: all.filter(({ name }) => !natives.includes(name)),
    sidecars: all.filter(({ name }) => natives.includes(name)),
    main: of(containers, 'main'),
    ephemeral: of(ephemeralContainers, 'ephemeral'),
  };
};

const phaseFrom = (
  { pod, settled, isLate, over }: StatusInput,
  statuses: ReturnType<typeof statusesOf>,
): Phase => settled ?? (isLate ? 'Failed' : phaseOf(pod.spec.restartPolicy, statuses, over));

/** What is written: a terminal phase of its own finding is held back while something may still run. */
const shownPhase = ({ settled, over, before }: StatusInput, phase: Phase): Phase =>
  isOver(phase) && !over && settled === undefined ? (before.phase ?? 'Pending') : phase;

/**
 * The Pod's status as a kubelet writes it, computed from the last snapshot. Succeeded and Failed are held back until
 * the Pod is over: all containers can be seen terminated in a Pod that still is Running.
 */
export const podStatus = (input: StatusInput): StatusVerdict => {
  const { pod, snapshot, settled, isLate, over, before, now } = input;
  const statuses = statusesOf(input);
  const phase = phaseFrom(input, statuses);
  const sandbox = snapshot.sandbox && !over;
  const address = snapshot.sandbox && { podIP: input.podIp, podIPs: [{ ip: input.podIp }] };
  return {
    phase,
    status: {
      observedGeneration: pod.metadata.generation,
      phase: shownPhase(input, phase),
      ...(isLate && settled === undefined && over && DEADLINE_EXCEEDED),
      conditions: conditionsOf(statuses, { phase, sandbox }, before.conditions ?? [], now),
      hostIP: HOST_IP,
      ...address,
      startTime: wholeSeconds(input.startTime),
      ...(statuses.all.length > 0 && { initContainerStatuses: statuses.all }),
      containerStatuses: statuses.main,
      ...(statuses.ephemeral.length > 0 && { ephemeralContainerStatuses: statuses.ephemeral }),
    },
  };
};
