import type { Condition, Pod } from '../../../../../shared/model/kubernetes.ts';
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import { isActive, isReady, isSucceeded } from '../pods.ts';
import type { Job, JobStatus } from '../workloads.ts';
import type { Tally } from './tracking.ts';
import type { Verdict } from './verdict.ts';

/** Being deleted, and not ended yet. */
export const isTerminating = (pod: Pod): boolean =>
  pod.metadata.deletionTimestamp !== undefined && !isSucceeded(pod) && pod.status?.phase !== 'Failed';

const conditionsOf = (job: Job, verdict: Verdict, settled: boolean, at: string): Condition[] => {
  const before = job.status?.conditions ?? [];
  const { reason, message } = verdict;
  const types = settled ? [verdict.interim, verdict.final] : [verdict.interim];
  const fresh = types
    .filter((type) => !before.some((condition) => condition.type === type))
    .map(
      (type): Condition => ({
        type,
        status: 'True',
        reason,
        message,
        lastProbeTime: at,
        lastTransitionTime: at,
      }),
    );
  return [...before, ...fresh];
};

interface Findings {
  job: Job;
  pods: Pod[];
  tally: Tally;
  verdict: Verdict | undefined;
  /** Nothing runs any more and all is counted: the final condition may be set. */
  settled: boolean;
  now: Date;
}

const positive = (field: 'active' | 'succeeded' | 'failed', count: number): JobStatus =>
  count > 0 ? { [field]: count } : {};

/** The status that the findings ask for. Counts of zero are left out, as the Job controller writes them. */
export const jobStatus = ({ job, pods, tally, verdict, settled, now }: Findings): JobStatus => {
  const active = pods.filter(isActive);
  const at = wholeSeconds(now);
  const uncounted = Object.entries(tally.waiting).filter(([, uids]) => uids.length > 0);
  return {
    startTime: job.status?.startTime ?? at,
    ...positive('active', active.length),
    ...positive('succeeded', tally.counted.succeeded),
    ...positive('failed', tally.counted.failed),
    ready: active.filter(isReady).length,
    terminating: pods.filter(isTerminating).length,
    uncountedTerminatedPods: Object.fromEntries(uncounted),
    ...(verdict && { conditions: conditionsOf(job, verdict, settled, at) }),
    ...(verdict?.final === 'Complete' && settled && { completionTime: job.status?.completionTime ?? at }),
  };
};
