import type { ClusterEvent } from '../../model/event.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';

/** The event that takes up what a run left over: about the SidecarSet and without an old version, so never answered. */
export const restOf = (event: ClusterEvent, { metadata: { name, uid } }: SidecarSet): ClusterEvent => {
  const { resourceVersion: _, ...hint } = event;
  return { ...hint, ref: { kind: 'SidecarSet', name, uid }, sets: [name], calls: ['rollout'], looks: 0 };
};
