import type { ContainerStatus, PodSpec, PodStatus } from '../../../../../shared/model/kubernetes.ts';

export type Phase = NonNullable<PodStatus['phase']>;

export interface Statuses {
  /** Init containers that run to their end. */
  init: ContainerStatus[];
  /** Native sidecars. */
  sidecars: ContainerStatus[];
  main: ContainerStatus[];
}

const exitCode = ({ state }: ContainerStatus): number | undefined => state?.terminated?.exitCode;

const isWaiting = ({ state, lastState }: ContainerStatus): boolean =>
  state?.waiting !== undefined && lastState?.terminated === undefined;

const isRunning = ({ state }: ContainerStatus): boolean => state?.running !== undefined;

/** One that has ended once does not count, whatever it exited with. */
const isPending = (sidecar: ContainerStatus): boolean =>
  isWaiting(sidecar) || (isRunning(sidecar) && sidecar.started !== true);

const initPhase = (init: ContainerStatus[], policy: PodSpec['restartPolicy']): Phase | undefined => {
  if (init.every((status) => exitCode(status) === 0)) return undefined;
  const failed = init.some((status) => (exitCode(status) ?? 0) !== 0);
  return failed && policy === 'Never' ? 'Failed' : 'Pending';
};

const hasBegun = (main: ContainerStatus[]): boolean =>
  main.some(({ state, lastState }) => state?.waiting === undefined || lastState?.terminated !== undefined);

/** Before the main containers' end: `undefined` afterwards. */
const phaseBeforeEnd = (
  policy: PodSpec['restartPolicy'],
  { init, sidecars, main }: Statuses,
): Phase | undefined => {
  const beforeMain = initPhase(init, policy);
  if (beforeMain !== undefined) return beforeMain;
  if (sidecars.some(isPending) && !hasBegun(main)) return 'Pending';
  if ([...sidecars, ...main].some(isWaiting)) return 'Pending';
  return [...sidecars, ...main].some(isRunning) ? 'Running' : undefined;
};

/**
 * The phase that follows from the containers (`getPhase` of the kubelet): Pending until every container has started
 * once. Exit codes of native sidecars do not count; while one runs the Pod does. `over`: nothing will be started any
 * more, so the main containers' exit codes alone decide.
 */
export const phaseOf = (policy: PodSpec['restartPolicy'], statuses: Statuses, over: boolean): Phase => {
  const before = phaseBeforeEnd(policy, statuses);
  if (before !== undefined) return over ? 'Failed' : before;
  const succeeded = statuses.main.every((status) => exitCode(status) === 0);
  if (over) return succeeded ? 'Succeeded' : 'Failed';
  if (policy === 'Always') return 'Running';
  if (succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
};

export const isOver = (phase: Phase | undefined): boolean => phase === 'Succeeded' || phase === 'Failed';
