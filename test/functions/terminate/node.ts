/** What a node makes of a Pod's containers, one look at a time: restarts, images, signals, ephemeral containers, phases. */
import { isTerminal } from '../../../shared/core/resources/pod.ts';
import type {
  Container,
  ContainerState,
  ContainerStatus,
  Pod,
  PodStatus,
} from '../../../shared/model/kubernetes.ts';
import { UNSTARTABLE_IMAGE } from '../../../shared/model/names.ts';
import { ended, RUNNING, statusOf } from '../../support/pods.ts';

/** What a sidecar is made of. */
export interface Behaviour {
  /** Exit code on SIGTERM; `nothing`: process 1 has no handler. 0 by default. */
  onTerm?: number | 'nothing';
  /** What its exit image does: `ends` by default, `runs` on because of its command, is `absent`, or `fails`. */
  exitImage?: 'ends' | 'runs' | 'absent' | 'fails';
  /** Exit code of an ephemeral container that is to signal it; 0 by default. */
  killer?: number;
}

const CODES = { killed: 137, failing: 3 };

const waitingFor = (reason: string): ContainerState => ({ waiting: { reason } });

/** Of a container whose image can't be had. */
const STUCK = { invalid: 'InvalidImageName', absent: 'ErrImagePull' };

const isStuck = ({ waiting }: ContainerState): boolean =>
  Object.values(STUCK).includes(waiting?.reason ?? '');

const specOf = ({ spec }: Pod, name: string): Container | undefined =>
  spec.containers.find((container) => container.name === name);

export interface Node {
  /** SIGTERM reaches process 1 of a container. */
  signal(container: string): void;
  /** The Pod after the node's next look at it. */
  look(pod: Pod): Pod;
}

/** A container that has ended, as the restart policy has it. */
const afterEnd = (pod: Pod, before: ContainerStatus, exitCode: number): ContainerStatus =>
  pod.spec.restartPolicy === 'OnFailure' && exitCode !== 0
    ? { ...before, restartCount: before.restartCount + 1, lastState: ended(exitCode), state: RUNNING }
    : { ...before, state: ended(exitCode) };

/** It waits for its image unless its end was one: any under Never, that with 0 under OnFailure. */
const withoutImage = (
  pod: Pod,
  before: ContainerStatus,
  { image, exitCode }: { image: string; exitCode: number | undefined },
): ContainerStatus => {
  const reason = image === UNSTARTABLE_IMAGE ? STUCK.invalid : STUCK.absent;
  if (pod.spec.restartPolicy === 'Never') return { ...before, state: ended(exitCode ?? 0) };
  if (exitCode === 0) return { ...before, state: ended(0) };
  const lastState = exitCode === undefined ? before.lastState : ended(exitCode);
  return { ...before, lastState, state: waitingFor(reason) };
};

/** The one before has ended with `exitCode`; without one it waited for its restart. */
const startImage = (
  pod: Pod,
  before: ContainerStatus,
  { image, behaviour, exitCode }: { image: string; behaviour: Behaviour; exitCode: number | undefined },
): ContainerStatus => {
  const lastState = exitCode === undefined ? before.lastState : ended(exitCode);
  const restarted = { ...before, image, lastState, restartCount: before.restartCount + 1 };
  const kind = image === UNSTARTABLE_IMAGE ? 'absent' : (behaviour.exitImage ?? 'ends');
  const neverAgain = pod.spec.restartPolicy === 'Never';
  switch (kind) {
    case 'absent':
      return withoutImage(pod, before, { image, exitCode });
    case 'runs':
      return { ...restarted, state: RUNNING };
    case 'fails':
      return { ...restarted, state: neverAgain ? ended(CODES.failing) : waitingFor('CrashLoopBackOff') };
    default:
      return { ...restarted, state: ended(0) };
  }
};

const phaseOf = (pod: Pod, statuses: ContainerStatus[]): PodStatus['phase'] => {
  if (isTerminal(pod)) return pod.status?.phase;
  const codes = statuses.map(({ state }) => state?.terminated?.exitCode);
  if (codes.includes(undefined)) return 'Running';
  return codes.every((code) => code === 0) ? 'Succeeded' : 'Failed';
};

export const createNode = (behaviours: Record<string, Behaviour>): Node => {
  const signalled = new Set<string>();
  const behaviourOf = (name: string): Behaviour => behaviours[name] ?? {};

  /** `undefined`: the signal does nothing. */
  const codeOnTerm = (name: string): number | undefined => {
    const { onTerm = 0 } = behaviourOf(name);
    return onTerm === 'nothing' ? undefined : onTerm;
  };

  /** What the spec and a signal make of a container that runs or waits. */
  const live = (pod: Pod, before: ContainerStatus, onTerm: number | undefined): ContainerStatus => {
    const { name, state, image } = before;
    const wanted = specOf(pod, name)?.image ?? image;
    const exitCode = state?.running && (onTerm ?? CODES.killed);
    if (wanted !== image && !isStuck(state ?? {}))
      return startImage(pod, before, { image: wanted, behaviour: behaviourOf(name), exitCode });
    const isHit = state?.running !== undefined && signalled.has(name);
    return isHit && onTerm !== undefined ? afterEnd(pod, before, onTerm) : before;
  };

  const next = (pod: Pod, before: ContainerStatus): ContainerStatus => {
    if (before.state?.terminated) return before;
    const onTerm = codeOnTerm(before.name);
    return isTerminal(pod) ? { ...before, state: ended(onTerm ?? CODES.killed) } : live(pod, before, onTerm);
  };

  /** Those that are new run at once, and end. */
  const killersOf = ({ spec, status }: Pod): ContainerStatus[] => {
    const known = status?.ephemeralContainerStatuses ?? [];
    const added = (spec.ephemeralContainers ?? []).filter(({ name }) =>
      known.every((each) => each.name !== name),
    );
    return [
      ...known,
      ...added.map(({ name, targetContainerName = '' }) => {
        const exitCode = behaviourOf(targetContainerName).killer ?? 0;
        if (exitCode === 0) signalled.add(targetContainerName);
        return statusOf(name, ended(exitCode));
      }),
    ];
  };

  return {
    signal: (container) => void signalled.add(container),
    look(pod) {
      const ephemeralContainerStatuses = killersOf(pod);
      const containerStatuses = (pod.status?.containerStatuses ?? []).map((before) => next(pod, before));
      signalled.clear();
      const phase = phaseOf(pod, containerStatuses);
      return { ...pod, status: { ...pod.status, phase, containerStatuses, ephemeralContainerStatuses } };
    },
  };
};
