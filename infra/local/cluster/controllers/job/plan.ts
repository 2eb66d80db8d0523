import type { Pod } from '../../../../../shared/model/kubernetes.ts';
import { type Action, NOTHING, notSupported, type Plan, type Subject } from '../plan.ts';
import { isActive, podFrom, surplus } from '../pods.ts';
import { same } from '../same.ts';
import { JOBS, type Job } from '../workloads.ts';
import { replacementIn } from './backoff.ts';
import { isTerminating, jobStatus } from './status.ts';
import { isForeign, unsupportedField } from './support.ts';
import { isTracked, release, releases, type Tally, TRACKING_FINALIZER, tallyOf } from './tracking.ts';
import { deadlineIn, type Verdict, verdictOf } from './verdict.ts';

export const LABEL_JOB_NAME = 'batch.kubernetes.io/job-name';

/** What the API server adds to the template's labels; added again here so that a Pod is found in any case. */
const jobLabels = ({ metadata: { name, uid = '' } }: Job): Record<string, string> => ({
  'batch.kubernetes.io/controller-uid': uid,
  [LABEL_JOB_NAME]: name,
  'controller-uid': uid,
  'job-name': name,
});

const subjectOf = (job: Job): Subject => ({ resource: JOBS, metadata: job.metadata });

const newPods = (job: Job, count: number): Action[] =>
  Array.from({ length: count }, () => ({
    kind: 'create-pod',
    owner: subjectOf(job),
    pod: podFrom(job.spec.template, subjectOf(job), {
      labels: jobLabels(job),
      finalizers: [TRACKING_FINALIZER],
    }),
  }));

const remove = (job: Job, pods: Pod[]): Action[] =>
  pods.map((pod) => ({ kind: 'remove-pod', owner: subjectOf(job), pod }));

const finishedAt = ({ status }: Job): string | undefined =>
  status?.conditions?.find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  )?.lastTransitionTime;

/** A finished Job only lets its last Pods go, and itself after `ttlSecondsAfterFinished`. */
const planFinished = (job: Job, pods: Pod[], finished: string, now: Date): Plan => {
  const actions = pods.filter(isTracked).map(release);
  const ttl = job.spec.ttlSecondsAfterFinished;
  if (ttl === undefined) return { actions };
  const left = Date.parse(finished) + ttl * 1000 - now.getTime();
  return left > 0
    ? { actions, again: left }
    : { actions: [...actions, { kind: 'remove', subject: subjectOf(job) }] };
};

const wantedActive = ({ spec }: Job, { succeeded }: Tally, active: number): number => {
  const parallelism = spec.parallelism ?? 1;
  if (spec.completions === undefined) return succeeded > 0 ? Math.min(active, parallelism) : parallelism;
  return Math.max(0, Math.min(spec.completions - succeeded, parallelism));
};

/** Up or down to the Pods that should run now. */
const planPods = (job: Job, pods: Pod[], tally: Tally, now: Date): Plan => {
  const active = pods.filter(isActive);
  const wanted = wantedActive(job, tally, active.length);
  const ending = job.spec.podReplacementPolicy === 'Failed' ? pods.filter(isTerminating).length : 0;
  const missing = wanted - active.length - ending;
  if (missing <= 0) return { actions: remove(job, surplus(active, wanted)) };
  const wait = replacementIn(pods, now);
  return wait > 0 ? { actions: [], again: wait } : { actions: newPods(job, missing) };
};

const announcement = (job: Job, { final, reason, message }: Verdict): Action => {
  const on = subjectOf(job);
  return final === 'Complete'
    ? { kind: 'event', on, type: 'Normal', reason: 'Completed', message: 'Job completed' }
    : { kind: 'event', on, type: 'Warning', reason, message };
};

const earliest = (...times: (number | undefined)[]): number | undefined => {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
};

const planUnfinished = (job: Job, pods: Pod[], now: Date): Plan => {
  const tally = tallyOf(job, pods);
  const active = pods.filter(isActive);
  const verdict = verdictOf({ job, pods, active, tally, now });
  const counted = tally.waiting.succeeded.length + tally.waiting.failed.length === 0;
  const settled = verdict !== undefined && counted && active.length === 0 && !pods.some(isTerminating);
  const status = jobStatus({ job, pods, tally, verdict, settled, now });
  const write: Action[] = same(status, job.status)
    ? []
    : [{ kind: 'status', resource: JOBS, object: { ...job, status } }];

  const next: Plan = verdict ? { actions: remove(job, active) } : planPods(job, pods, tally, now);
  const last = verdict && settled ? [announcement(job, verdict)] : [];
  const deadline = verdict ? undefined : deadlineIn({ ...job, status }, now);
  return {
    actions: [...write, ...releases(tally, pods), ...next.actions, ...last],
    again: earliest(next.again, deadline),
  };
};

/**
 * What a Job needs now, as the Job controller of Kubernetes 1.34 decides it: status first, then Pods. NonIndexed Jobs
 * only; a field that is not honoured leads to a `NotSupported` Event and nothing else.
 *
 * @param pods all Pods that the Job controls, ended ones as well
 */
export const planJob = (job: Job, pods: Pod[], now: Date): Plan => {
  if (isForeign(job)) return NOTHING;
  const finished = finishedAt(job);
  if (finished !== undefined) return planFinished(job, pods, finished, now);
  if (job.metadata.deletionTimestamp !== undefined) return { actions: pods.filter(isTracked).map(release) };
  const field = unsupportedField(job);
  if (field !== undefined) return { actions: [notSupported(subjectOf(job), field)] };
  return planUnfinished(job, pods, now);
};
