import type { SidecarSet, SidecarSetStatus } from '../../model/sidecarset.ts';
import type { Counts } from './counts.ts';

export interface Findings {
  counts: Counts;
  /** Name of the latest ControllerRevision. */
  latestRevision: string;
  collisionCount: number;
}

/**
 * The status after a run, claim given up. `observedGeneration` is the generation that the run worked on.
 *
 * @param listed resourceVersion of the run's Pod list if the run did all it had to, else `undefined`: the former stays,
 * and so does the former `observedGeneration`, or the event that comes back for the rest would count as answered
 */
export const statusAfter = (
  set: SidecarSet,
  { counts, latestRevision, collisionCount }: Findings,
  listed: string | undefined,
): SidecarSetStatus => ({
  observedGeneration: listed === undefined ? set.status?.observedGeneration : set.metadata.generation,
  ...counts,
  // OpenKruise leaves this one out when it is 0.
  updatedReadyPods: counts.updatedReadyPods || undefined,
  latestRevision,
  collisionCount,
  claim: { listed: listed ?? set.status?.claim?.listed },
});

/** Whether the stored status says the same already. */
export const isTold = (set: SidecarSet, { counts, latestRevision, collisionCount }: Findings): boolean => {
  const { status } = set;
  if (status === undefined || status.observedGeneration !== set.metadata.generation) return false;
  return (
    status.matchedPods === counts.matchedPods &&
    status.updatedPods === counts.updatedPods &&
    status.readyPods === counts.readyPods &&
    (status.updatedReadyPods ?? 0) === counts.updatedReadyPods &&
    status.latestRevision === latestRevision &&
    status.collisionCount === collisionCount
  );
};
