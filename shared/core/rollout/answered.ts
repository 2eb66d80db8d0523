/** Whether a finished run already acted on what an event announces. No clocks: versions only. */
import type { ClusterEvent } from '../../model/event.ts';
import type { ObjectMeta } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';

/** Versions of one cluster are decimal numbers in the order of the writes; of anything else nothing is known. */
const isAtOrBelow = (version: string, limit: string): boolean =>
  [version, limit].every((text) => /^[0-9]+$/.test(text)) && BigInt(version) <= BigInt(limit);

const isPodAnswered = (event: ClusterEvent, pod: ObjectMeta | undefined, listed = ''): boolean => {
  const { uid, resourceVersion = '' } = pod ?? {};
  const isSamePod = pod !== undefined && (event.ref.uid ?? uid) === uid;
  return isSamePod && resourceVersion !== event.resourceVersion && isAtOrBelow(resourceVersion, listed);
};

const isSetAnswered = (event: ClusterEvent, { metadata, status }: SidecarSet): boolean => {
  if (event.listed !== undefined) return event.listed !== status?.claim?.listed;
  const isWorkedOn = (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0);
  return event.resourceVersion !== undefined && isWorkedOn;
};

/**
 * A Pod event: the last finished run listed the Pod as it is now; a Pod that is gone is never answered. A SidecarSet
 * event: its generation was worked on, or, where it is to watch over a batch, a run has listed the Pods since; one with
 * neither (CREATE, resync, the rest of a run) never is.
 *
 * @param pod the Pod of a Pod event as it is now
 */
export const isAnswered = (event: ClusterEvent, set: SidecarSet, pod: ObjectMeta | undefined): boolean =>
  event.ref.kind === 'Pod' ? isPodAnswered(event, pod, set.status?.claim?.listed) : isSetAnswered(event, set);
