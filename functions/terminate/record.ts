import { type Ended, withOutcomes, withReports } from '../../shared/core/termination/tries.ts';
import type { Write } from '../../shared/core/termination/writes.ts';
import { retryLostRace } from '../../shared/io/lostRace.ts';
import { type Cluster, ClusterError, isConflict, isNotFound } from '../../shared/io/ports.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import { PODS } from '../../shared/model/resources.ts';

/** Rejects with a conflict unless the Pod is still as it was read. */
export const writePod = (cluster: Cluster, pod: Pod, { patch, subresource }: Write): Promise<Pod> =>
  cluster.patch<Pod>(PODS, pod.metadata, patch, { type: 'strategic', subresource });

/** Somebody or something forbids this write, now and later; a conflict, a missing Pod and a tired server do not count. */
export const isRefused = (fault: unknown): fault is ClusterError =>
  fault instanceof ClusterError &&
  fault.code >= 400 &&
  fault.code < 500 &&
  fault.code !== 429 &&
  !isConflict(fault) &&
  !isNotFound(fault);

/** Writes annotations that follow from those that are there; looks anew after a lost race. */
const annotate = async (
  cluster: Cluster,
  pod: Pod,
  annotations: (seen: Pod) => Record<string, string>,
): Promise<void> => {
  let known: Pod | undefined = pod;
  await retryLostRace(async () => {
    const seen = known ?? (await cluster.get<Pod>(PODS, pod.metadata));
    known = undefined;
    if (seen === undefined || seen.metadata.uid !== pod.metadata.uid) return;
    const { uid, resourceVersion } = seen.metadata;
    await writePod(cluster, seen, {
      patch: { metadata: { uid, resourceVersion, annotations: annotations(seen) } },
    });
  });
};

/**
 * Marks tries as ones that could not be made, so that the next may come sooner. The other tries of the same round change
 * the Pod, too. Where every race is lost the next try waits for its time.
 */
export const recordOutcomes = async (cluster: Cluster, pod: Pod, ended: Ended[]): Promise<void> => {
  if (ended.length > 0) await annotate(cluster, pod, (seen) => withOutcomes(seen, ended));
};

/** Keeps that the owner was told, so that it is not told again by every resync. */
export const recordReports = async (
  cluster: Cluster,
  pod: Pod,
  containers: string[],
  now: Date,
): Promise<void> => {
  if (containers.length > 0) await annotate(cluster, pod, (seen) => withReports(seen, containers, now));
};
