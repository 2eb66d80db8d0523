/** What is to be done now with each sidecar of a Pod. */
import type { Container, Pod } from '../../model/kubernetes.ts';
import type { Code } from '../../model/reasons.ts';
import { containerStatus } from '../resources/pod.ts';
import { endsBySignal, terminationDue } from './due.ts';
import { nextTryAt, type Tries, triesOf } from './tries.ts';

export type Step =
  | { kind: 'signal'; container: string; attempt: number }
  /** Looked at again at `until`. */
  | { kind: 'wait'; container: string; until: Date }
  /** Nothing that this function could do, or do again. */
  | { kind: 'leave'; container: string; code: Code };

export type TerminationDecision = { kind: 'nothing'; code: Code } | { kind: 'steps'; steps: Step[] };

const MOST_ATTEMPTS = 3;

/**
 * Why a container is never signalled. PID 1 of a shared process namespace is the pause container, of the host's the
 * init of the machine: a signal there would not end the sidecar but something else.
 */
const obstacle = ({ spec }: Pod, container: Container): Code | undefined => {
  if (!endsBySignal(container)) return 'TerminationByImage';
  return spec.shareProcessNamespace === true || spec.hostPID === true ? 'TerminationForeign' : undefined;
};

const stepFor = (pod: Pod, sidecar: Container, tries: Tries, now: Date): Step => {
  const container = sidecar.name;
  const against = obstacle(pod, sidecar);
  if (against) return { kind: 'leave', container, code: against };
  const last = tries[container];
  const until = last && nextTryAt(pod, last);
  if (until && until > now) return { kind: 'wait', container, until };
  if (last && last.attempt >= MOST_ATTEMPTS) return { kind: 'leave', container, code: 'TerminationGivenUp' };
  const isRunning = containerStatus(pod, container)?.state?.running !== undefined;
  if (!isRunning) return { kind: 'leave', container, code: 'TerminationNotRunning' };
  return { kind: 'signal', container, attempt: (last?.attempt ?? 0) + 1 };
};

/** Each try is recorded on the Pod, so a repeated event waits for the last one, and a try that led to nothing moves on. */
export const decideTermination = (pod: Pod, now: Date): TerminationDecision => {
  const due = terminationDue(pod);
  if (due.kind === 'no') return { kind: 'nothing', code: due.code };
  const tries = triesOf(pod);
  return { kind: 'steps', steps: due.sidecars.map((sidecar) => stepFor(pod, sidecar, tries, now)) };
};
