/**
 * Counting each ended Pod exactly once, also when it is deleted at once: a Pod keeps a finalizer until its uid stands in
 * the Job's status (`uncountedTerminatedPods`); once the finalizer is gone the uid becomes a count.
 */
import type { Pod } from '../../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../../shared/model/resources.ts';
import type { Action } from '../plan.ts';
import { isSucceeded } from '../pods.ts';
import type { Job } from '../workloads.ts';

export const TRACKING_FINALIZER = 'batch.kubernetes.io/job-tracking';

export interface Tally {
  /** Counted for good. */
  counted: { succeeded: number; failed: number };
  /** uids that stand in the status until their finalizer is gone. */
  waiting: { succeeded: string[]; failed: string[] };
  succeeded: number;
  failed: number;
}

export const isTracked = (pod: Pod): boolean =>
  pod.metadata.finalizers?.includes(TRACKING_FINALIZER) ?? false;

/** A Pod that is being deleted has failed, unless only Pods that ended are to be replaced (`podReplacementPolicy`). */
const hasFailed = (pod: Pod, onlyEnded: boolean): boolean =>
  pod.status?.phase === 'Failed' ||
  (!onlyEnded && pod.metadata.deletionTimestamp !== undefined && !isSucceeded(pod));

/** What has ended so far, by the Job's status and its Pods. */
export const tallyOf = ({ spec, status }: Job, pods: Pod[]): Tally => {
  const tracked = pods.filter(isTracked);
  const held = new Set(tracked.map(uidOf));
  const before = status?.uncountedTerminatedPods ?? {};
  const noted = new Set([...(before.succeeded ?? []), ...(before.failed ?? [])]);
  const fresh = tracked.filter((pod) => !noted.has(uidOf(pod)));
  const onlyEnded = spec.podReplacementPolicy === 'Failed';

  const side = (known: string[], count: number, ended: (pod: Pod) => boolean) => {
    const waiting = [...known.filter((uid) => held.has(uid)), ...fresh.filter(ended).map(uidOf)];
    return { waiting, counted: count + known.filter((uid) => !held.has(uid)).length };
  };
  const succeeded = side(before.succeeded ?? [], status?.succeeded ?? 0, isSucceeded);
  const failed = side(before.failed ?? [], status?.failed ?? 0, (pod) => hasFailed(pod, onlyEnded));
  return {
    counted: { succeeded: succeeded.counted, failed: failed.counted },
    waiting: { succeeded: succeeded.waiting, failed: failed.waiting },
    succeeded: succeeded.counted + succeeded.waiting.length,
    failed: failed.counted + failed.waiting.length,
  };
};

const uidOf = (pod: Pod): string => pod.metadata.uid ?? '';

/** Lets the Pod go. */
export const release = (pod: Pod): Action => ({
  kind: 'patch',
  subject: { resource: PODS, metadata: pod.metadata },
  patch: {
    metadata: {
      uid: pod.metadata.uid,
      resourceVersion: pod.metadata.resourceVersion,
      finalizers: pod.metadata.finalizers?.filter((name) => name !== TRACKING_FINALIZER) ?? [],
    },
  },
});

/** To be done after the status with their uids is written. */
export const releases = ({ waiting }: Tally, pods: Pod[]): Action[] => {
  const uids = new Set([...waiting.succeeded, ...waiting.failed]);
  return pods.filter((pod) => isTracked(pod) && uids.has(uidOf(pod))).map(release);
};
