/** How long a try is waited for. */
import type { Pod } from '../../model/kubernetes.ts';
import { FAILURES_IN_A_ROW } from './next.ts';
import type { Try } from './tries.ts';

const DEFAULT_GRACE_SECONDS = 30;
/** A try that could not be made is made again after this long. */
const FAILED_SECONDS = 5;
/** The same where it has failed so often that the others came first: a node that does not answer may come back. */
const FAILING_SECONDS = 60;
/** The node's part: to notice the change, to start and stop what it asks for, and to tell that a container has ended. */
const MARGIN_SECONDS: Record<Try['strategy'], number> = {
  // The kubelet may write its own phase once more before it takes over ours, some seconds later.
  phase: 10,
  image: 10,
  exec: 5,
  // An ephemeral container takes up to 4 s to start on a loaded node.
  ephemeral: 10,
  stop: 10,
};

/** At least a second, as the kubelet gives it. */
export const graceSeconds = ({ spec }: Pod): number =>
  Math.max(1, spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS);

const secondsFor = (pod: Pod, { strategy, outcome }: Try, failures: number): number => {
  switch (outcome) {
    case 'refused':
      return 0;
    case 'failed':
      return failures > FAILURES_IN_A_ROW ? FAILING_SECONDS : FAILED_SECONDS;
    default:
      return graceSeconds(pod) + MARGIN_SECONDS[strategy];
  }
};

/** When the next step after the last of a container's tries is due. */
export const nextStepAt = (pod: Pod, tries: Try[]): Date => {
  const last = tries.at(-1);
  if (last === undefined) return new Date(0);
  const failures = tries.filter(
    ({ strategy, outcome }) => strategy === last.strategy && outcome === 'failed',
  );
  return new Date(Date.parse(last.at) + 1000 * secondsFor(pod, last, failures.length));
};
