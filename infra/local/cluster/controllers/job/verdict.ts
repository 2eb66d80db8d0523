import type { Pod } from '../../../../../shared/model/kubernetes.ts';
import type { Job } from '../workloads.ts';
import type { Tally } from './tracking.ts';

/** Why a Job is over. First an interim condition; the final one follows when no Pod of it is left running. */
export interface Verdict {
  interim: 'SuccessCriteriaMet' | 'FailureTarget';
  final: 'Complete' | 'Failed';
  reason: string;
  message: string;
}

const failure = (reason: string, message: string): Verdict => ({
  interim: 'FailureTarget',
  final: 'Failed',
  reason,
  message,
});

const SUCCESS: Verdict = {
  interim: 'SuccessCriteriaMet',
  final: 'Complete',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};

const DEFAULT_BACKOFF_LIMIT = 6;

/** Under OnFailure the kubelet restarts containers in place: their restarts are the Job's failures. */
const restartsOf = (pods: Pod[]): number =>
  pods
    .filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending')
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);

const pastBackoffLimit = ({ spec }: Job, pods: Pod[], failed: number): boolean => {
  const limit = spec.backoffLimit ?? DEFAULT_BACKOFF_LIMIT;
  if (failed > limit) return true;
  if (spec.template.spec.restartPolicy !== 'OnFailure') return false;
  const restarts = restartsOf(pods);
  return limit === 0 ? restarts > 0 : restarts >= limit;
};

/** Milliseconds until `activeDeadlineSeconds` after the start, at most 0 when it has passed. */
export const deadlineIn = ({ spec, status }: Job, now: Date): number | undefined =>
  spec.activeDeadlineSeconds === undefined || status?.startTime === undefined
    ? undefined
    : Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now.getTime();

const hasSucceeded = ({ spec }: Job, succeeded: number, active: number): boolean =>
  active === 0 && (spec.completions === undefined ? succeeded > 0 : succeeded >= spec.completions);

const already = ({ status }: Job): Verdict | undefined => {
  const holds = (type: string) =>
    status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
  const failed = holds('FailureTarget');
  if (failed) return failure(failed.reason ?? '', failed.message ?? '');
  return holds('SuccessCriteriaMet') ? SUCCESS : undefined;
};

interface View {
  job: Job;
  pods: Pod[];
  active: Pod[];
  tally: Tally;
  now: Date;
}

/** Whether the Job is over: as decided before, else a failure, else success; `undefined` while it goes on. */
export const verdictOf = ({ job, pods, active, tally, now }: View): Verdict | undefined => {
  const before = already(job);
  if (before) return before;
  if (pastBackoffLimit(job, pods, tally.failed)) {
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  if ((deadlineIn(job, now) ?? 1) <= 0) {
    return failure('DeadlineExceeded', 'Job was active longer than specified deadline');
  }
  return hasSucceeded(job, tally.succeeded, active.length) ? SUCCESS : undefined;
};
