/** Whether the time has come to end the sidecars of a Pod: OpenKruise's rules, to the letter. */
import type { Container, Pod } from '../../model/kubernetes.ts';
import { ENV_TERMINATE, ENV_TERMINATE_WITH_IMAGE } from '../../model/names.ts';
import type { Code } from '../../model/reasons.ts';
import { containerStatus, isTerminal, literalEnv, switchedOn } from '../resources/pod.ts';

export type Due =
  | { kind: 'no'; code: Code }
  /** The sidecars that have not ended, in the order of the Pod. */
  | { kind: 'yes'; sidecars: Container[] };

/** The container is to be ended by a signal. */
export const endsBySignal = (container: Container): boolean => switchedOn(container, ENV_TERMINATE);

const isSidecar = (container: Container): boolean =>
  endsBySignal(container) || literalEnv(container, ENV_TERMINATE_WITH_IMAGE) !== '';

const exitCodeOf = (pod: Pod, { name }: Container): number | undefined =>
  containerStatus(pod, name)?.state?.terminated?.exitCode;

/** Under OnFailure only exit code 0 is an end: the kubelet starts the container again after any other. */
const isDone = (pod: Pod, main: Container): boolean => {
  const exitCode = exitCodeOf(pod, main);
  return pod.spec.restartPolicy === 'OnFailure' ? exitCode === 0 : exitCode !== undefined;
};

const no = (code: Code): Due => ({ kind: 'no', code });

/**
 * Sidecars end once every main container has: at all under restartPolicy Never, with exit code 0 under OnFailure. Only
 * `spec.containers` count, and only when the kubelet has reported each of them. The current state is read, never the
 * last one. Nobody owns this rule but the Pod: no Job is needed.
 */
export const terminationDue = (pod: Pod): Due => {
  const { containers, restartPolicy = 'Always' } = pod.spec;
  const sidecars = containers.filter(isSidecar);
  const leftAlone = restartPolicy === 'Always' || pod.metadata.deletionTimestamp !== undefined;
  if (sidecars.length === 0 || leftAlone) return no('TerminationNotWanted');
  if (isTerminal(pod)) return no('TerminationOver');
  const isReported = pod.status?.containerStatuses?.length === containers.length;
  if (pod.status?.phase === 'Pending' || !isReported) return no('TerminationMainsRunning');
  const running = sidecars.filter((sidecar) => exitCodeOf(pod, sidecar) === undefined);
  if (running.length === 0) return no('TerminationOver');
  const mains = containers.filter((container) => !isSidecar(container));
  return mains.every((main) => isDone(pod, main))
    ? { kind: 'yes', sidecars: running }
    : no('TerminationMainsRunning');
};
