import type { ContainerStatus, PodSpec, PodStatus } from '../../../../../shared/model/kubernetes.ts';

export type Phase = NonNullable<PodStatus['phase']>;

export interface Statuses {
  init: ContainerStatus[];
  main: ContainerStatus[];
}

const exitCode = ({ state }: ContainerStatus): number | undefined => state?.terminated?.exitCode;

const isWaiting = ({ state, lastState }: ContainerStatus): boolean =>
  state?.waiting !== undefined && lastState?.terminated === undefined;

const initPhase = (init: ContainerStatus[], policy: PodSpec['restartPolicy']): Phase | undefined => {
  if (init.every((status) => exitCode(status) === 0)) return undefined;
  const failed = init.some((status) => (exitCode(status) ?? 0) !== 0);
  return failed && policy === 'Never' ? 'Failed' : 'Pending';
};

/**
 * The phase that follows from the containers (`getPhase` of the kubelet): Pending until every container has started
 * once. `over`: nothing will be started any more, so exit codes alone decide.
 */
export const phaseOf = (policy: PodSpec['restartPolicy'], { init, main }: Statuses, over: boolean): Phase => {
  const beforeMain = initPhase(init, policy);
  if (beforeMain !== undefined) return over ? 'Failed' : beforeMain;
  if (main.some(isWaiting)) return 'Pending';
  if (main.some(({ state }) => state?.running !== undefined)) return 'Running';
  const succeeded = main.every((status) => exitCode(status) === 0);
  if (over) return succeeded ? 'Succeeded' : 'Failed';
  if (policy === 'Always') return 'Running';
  if (succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
};

export const isOver = (phase: Phase | undefined): boolean => phase === 'Succeeded' || phase === 'Failed';
