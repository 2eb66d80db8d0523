import { recordTries, type Tries, triesOf } from '../../shared/core/termination/tries.ts';
import { type Cluster, isConflict, isNotFound } from '../../shared/io/ports.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import { PODS } from '../../shared/model/resources.ts';

/** Writes tries on the Pod. Rejects with a conflict unless it is still as it was read. */
export const record = (cluster: Cluster, pod: Pod, tries: Tries): Promise<Pod> => {
  const { uid, resourceVersion } = pod.metadata;
  const metadata = { uid, resourceVersion, annotations: recordTries(pod, tries) };
  return cluster.patch<Pod>(PODS, pod.metadata, { metadata }, { type: 'merge' });
};

/**
 * Marks the last try of containers as failed, so that the next may come sooner. A lost race leaves the record as it
 * is: the next try then waits for the grace period.
 */
export const recordFailures = async (cluster: Cluster, pod: Pod, containers: string[]): Promise<void> => {
  const tries = triesOf(pod);
  const failed = containers.flatMap((name) => {
    const last = tries[name];
    return last ? [[name, { ...last, failed: true }] as const] : [];
  });
  if (failed.length === 0) return;
  try {
    await record(cluster, pod, Object.fromEntries(failed));
  } catch (fault) {
    if (!isConflict(fault) && !isNotFound(fault)) throw fault;
  }
};
