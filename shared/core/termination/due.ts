/** Whether the time has come to end the sidecars of a Pod: OpenKruise's rules, to the letter. */
import type { Container, Pod } from '../../model/kubernetes.ts';
import type { Code } from '../../model/reasons.ts';
import { containerStatus, isTerminal } from '../resources/pod.ts';
import { ignoresExitCode, isSidecar, mainContainers } from './sidecar.ts';

export type Due =
  | { kind: 'no'; code: Code }
  /** The sidecars that have not ended, in the order of the Pod; if all have, those whose exit code is not to count. */
  | { kind: 'yes'; sidecars: Container[] };

/** Of the current run; `undefined` while it lasts. */
export const exitCodeOf = (pod: Pod, { name }: Container): number | undefined =>
  containerStatus(pod, name)?.state?.terminated?.exitCode;

/** Under OnFailure only exit code 0 is an end: the kubelet starts the container again after any other. */
const isDone = (pod: Pod, main: Container): boolean => {
  const exitCode = exitCodeOf(pod, main);
  return pod.spec.restartPolicy === 'OnFailure' ? exitCode === 0 : exitCode !== undefined;
};

/** Of one that has ended by itself, and whose exit code is not to count: the phase is set before the kubelet counts it. */
const hasCrashed = (pod: Pod, sidecar: Container): boolean =>
  ignoresExitCode(sidecar) && exitCodeOf(pod, sidecar) !== 0;

const no = (code: Code): Due => ({ kind: 'no', code });

/**
 * Sidecars end once every main container has: at all under restartPolicy Never, with exit code 0 under OnFailure. Only
 * `spec.containers` count, and only when the kubelet has reported each of them. The current state is read, never the
 * last one. Nobody owns this rule but the Pod: no Job is needed. Ours: a sidecar whose exit code is not to count is not
 * over when it has failed.
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
  const left = running.length > 0 ? running : sidecars.filter((sidecar) => hasCrashed(pod, sidecar));
  if (left.length === 0) return no('TerminationOver');
  return mainContainers(pod).every((main) => isDone(pod, main))
    ? { kind: 'yes', sidecars: left }
    : no('TerminationMainsRunning');
};
