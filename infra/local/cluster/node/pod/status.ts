import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  PodStatus,
} from '../../../../../shared/model/kubernetes.ts';
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import type { ContainerView, RunView, Snapshot } from '../views.ts';
import { conditionsOf } from './conditions.ts';
import { isOver, type Phase, phaseOf } from './phase.ts';
import { EPHEMERAL_REFUSAL } from './refusals.ts';
import { reportedResources } from './resources.ts';
import { isToBeStarted } from './restart.ts';

export interface Waiting {
  reason: string;
  message?: string;
}

export interface StatusInput {
  pod: Pod;
  snapshot: Snapshot;
  /** Why the last attempt to start a container failed, by container. */
  waiting: ReadonlyMap<string, Waiting>;
  /** Ids of runs that their probes call started and ready; a run without probes is in both. */
  started: ReadonlySet<string>;
  ready: ReadonlySet<string>;
  /** Nothing runs and nothing will be started any more. */
  over: boolean;
  podIp: string;
  startTime: Date;
  /** The status that was written last. */
  before: PodStatus;
  now: Date;
}

export interface StatusVerdict {
  status: PodStatus;
  /** What the containers alone say; a terminal phase is written only when the Pod is `over`. */
  phase: Phase;
}

const HOST_IP = '127.0.0.1';

const terminated = ({ exit, startedAt, id }: RunView): ContainerState =>
  exit === undefined
    ? {}
    : {
        terminated: {
          exitCode: exit.exitCode,
          ...(exit.signal !== undefined && { signal: exit.signal }),
          reason: exit.reason,
          ...(exit.message !== undefined && { message: exit.message }),
          startedAt: wholeSeconds(startedAt),
          finishedAt: wholeSeconds(exit.at),
          containerID: `local://${id}`,
        },
      };

const NEVER_STARTED: ContainerState = {
  terminated: {
    exitCode: 137,
    reason: 'ContainerStatusUnknown',
    message: 'The container could not be located when the pod was terminated',
  },
};

const stateBeforeFirstRun = (input: StatusInput, name: string, isMain: boolean): ContainerState => {
  if (input.over) return NEVER_STARTED;
  const initializing = isMain && (input.pod.spec.initContainers ?? []).length > 0;
  return {
    waiting: input.waiting.get(name) ?? { reason: initializing ? 'PodInitializing' : 'ContainerCreating' },
  };
};

const lastState = ({ previous }: ContainerView): ContainerState => (previous ? terminated(previous) : {});

const states = (
  input: StatusInput,
  view: ContainerView,
  name: string,
): Pick<ContainerStatus, 'state' | 'lastState'> => {
  const { current } = view;
  if (current.exit === undefined) {
    return { state: { running: { startedAt: wholeSeconds(current.startedAt) } }, lastState: lastState(view) };
  }
  const waiting = input.waiting.get(name);
  if (waiting && !input.over && isToBeStarted(input.pod.spec.restartPolicy ?? 'Always', view)) {
    return { state: { waiting }, lastState: terminated(current) };
  }
  return { state: terminated(current), lastState: lastState(view) };
};

const containerStatus = (input: StatusInput, container: Container, isMain: boolean): ContainerStatus => {
  const { name, image = '' } = container;
  const view = input.snapshot.containers.get(name);
  if (view === undefined) {
    const state = stateBeforeFirstRun(input, name, isMain);
    return { name, image, imageID: '', ready: false, started: false, restartCount: 0, state, lastState: {} };
  }
  const { current } = view;
  const runs = current.exit === undefined;
  return {
    name,
    image: current.image,
    imageID: current.imageId,
    containerID: `local://${current.id}`,
    ready: isMain ? runs && input.ready.has(current.id) : current.exit?.exitCode === 0,
    started: runs && input.started.has(current.id),
    restartCount: current.attempt,
    ...states(input, view, name),
    ...reportedResources(container),
  };
};

/** The local node runs none of them, and says so. */
const ephemeralStatus = ({ name, image = '' }: Container): ContainerStatus => ({
  name,
  image,
  imageID: '',
  ready: false,
  restartCount: 0,
  state: { waiting: { reason: 'NotSupported', message: EPHEMERAL_REFUSAL } },
  lastState: {},
});

/**
 * The Pod's status as a kubelet writes it, computed from the last snapshot. Succeeded and Failed are held back until
 * the Pod is over: all containers can be seen terminated in a Pod that still is Running.
 */
export const podStatus = (input: StatusInput): StatusVerdict => {
  const { pod, snapshot, before, now } = input;
  const statuses = {
    init: (pod.spec.initContainers ?? []).map((container) => containerStatus(input, container, false)),
    main: pod.spec.containers.map((container) => containerStatus(input, container, true)),
  };
  const phase = phaseOf(pod.spec.restartPolicy, statuses, input.over);
  const sandbox = snapshot.sandbox && !input.over;
  const { ephemeralContainers: ephemeral = [] } = pod.spec;
  const address = snapshot.sandbox && { podIP: input.podIp, podIPs: [{ ip: input.podIp }] };
  return {
    phase,
    status: {
      observedGeneration: pod.metadata.generation,
      phase: isOver(phase) && !input.over ? (before.phase ?? 'Pending') : phase,
      conditions: conditionsOf(statuses, { phase, sandbox }, before.conditions ?? [], now),
      hostIP: HOST_IP,
      ...address,
      startTime: wholeSeconds(input.startTime),
      ...(statuses.init.length > 0 && { initContainerStatuses: statuses.init }),
      containerStatuses: statuses.main,
      ...(ephemeral.length > 0 && { ephemeralContainerStatuses: ephemeral.map(ephemeralStatus) }),
    },
  };
};
