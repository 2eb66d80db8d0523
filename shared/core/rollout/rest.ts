import type { ClusterEvent } from '../../model/event.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';

/** The event that takes up what a run left over: about the SidecarSet and without an old version, so never answered. */
export const restOf = (event: ClusterEvent, { metadata: { name, uid } }: SidecarSet): ClusterEvent => {
  const { resourceVersion: _version, listed: _listed, ...hint } = event;
  return { ...hint, ref: { kind: 'SidecarSet', name, uid }, sets: [name], calls: ['rollout'], looks: 0 };
};

/** The event that looks after a batch if nobody else has by then: an event may be lost, a Pod may never come back. */
export const watchOver = (event: ClusterEvent, set: SidecarSet, listed: string): ClusterEvent => ({
  ...restOf(event, set),
  listed,
});
