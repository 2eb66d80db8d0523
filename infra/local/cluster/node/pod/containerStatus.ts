/** The status of one container, from the last look at its runs. */
import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
} from '../../../../../shared/model/kubernetes.ts';
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import type { ContainerView, RunView, Snapshot } from '../views.ts';
import { reportedResources } from './resources.ts';
import { isNativeSidecar, isToBeStarted } from './restart.ts';

export interface Waiting {
  reason: string;
  message?: string;
}

export interface ContainerInput {
  pod: Pod;
  snapshot: Snapshot;
  /** Why the last attempt to start a container failed, by container. */
  waiting: ReadonlyMap<string, Waiting>;
  /** Ids of runs that their probes call started and ready; a run without probes is in both. */
  started: ReadonlySet<string>;
  ready: ReadonlySet<string>;
  /** Nothing runs and nothing will be started any more. */
  over: boolean;
}

export type Role = 'init' | 'main' | 'ephemeral';

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

/** An ephemeral container is no part of what the Pod was to run: it goes on waiting for ever. */
const stateBeforeFirstRun = (input: ContainerInput, name: string, role: Role): ContainerState => {
  if (input.over && role !== 'ephemeral') return NEVER_STARTED;
  const initializing = (input.pod.spec.initContainers ?? []).length > 0;
  return {
    waiting: input.waiting.get(name) ?? { reason: initializing ? 'PodInitializing' : 'ContainerCreating' },
  };
};

const lastState = ({ previous }: ContainerView): ContainerState => (previous ? terminated(previous) : {});

/** The kubelet never shows an init container that has exited 0 as waiting, not even a native sidecar. */
const waitsForRestart = (input: ContainerInput, view: ContainerView, role: Role): boolean =>
  !input.over &&
  !(role === 'init' && view.current.exit?.exitCode === 0) &&
  isToBeStarted(input.pod.spec.restartPolicy ?? 'Always', view);

const states = (
  input: ContainerInput,
  view: ContainerView,
  name: string,
  role: Role,
): Pick<ContainerStatus, 'state' | 'lastState'> => {
  const { current } = view;
  if (current.exit === undefined) {
    return { state: { running: { startedAt: wholeSeconds(current.startedAt) } }, lastState: lastState(view) };
  }
  const waiting = input.waiting.get(name);
  if (waiting && waitsForRestart(input, view, role)) {
    return { state: { waiting }, lastState: terminated(current) };
  }
  return { state: terminated(current), lastState: lastState(view) };
};

/** A plain init container is ready when it has succeeded, an ephemeral one never. */
const isReady = (input: ContainerInput, container: Container, { current }: ContainerView, role: Role) => {
  if (role === 'ephemeral') return false;
  if (role === 'init' && !isNativeSidecar(container)) return current.exit?.exitCode === 0;
  return current.exit === undefined && input.ready.has(current.id);
};

/** As the kubelet converts it (`convertToAPIContainerStatuses`, then the prober's `UpdatePodStatus`). */
export const containerStatus = (input: ContainerInput, container: Container, role: Role): ContainerStatus => {
  const { name, image = '' } = container;
  const view = input.snapshot.containers.get(name);
  const isProbed = role !== 'ephemeral';
  if (view === undefined) {
    const state = stateBeforeFirstRun(input, name, role);
    const unstarted = { name, image, imageID: '', ready: false, restartCount: 0, state, lastState: {} };
    return isProbed ? { ...unstarted, started: false } : unstarted;
  }
  const { current } = view;
  return {
    name,
    image: current.image,
    imageID: current.imageId,
    containerID: `local://${current.id}`,
    ready: isReady(input, container, view, role),
    ...(isProbed && { started: current.exit === undefined && input.started.has(current.id) }),
    restartCount: current.attempt,
    ...states(input, view, name, role),
    ...(isProbed && reportedResources(container)),
  };
};
