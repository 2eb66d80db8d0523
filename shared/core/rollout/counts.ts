/** What a SidecarSet's status says about its Pods. */
import type { Pod } from '../../model/kubernetes.ts';
import type { SidecarSet, SidecarSetStatus } from '../../model/sidecarset.ts';
import { isAvailable } from './ready.ts';
import { isUpdated } from './updated.ts';

export type Counts = Required<
  Pick<SidecarSetStatus, 'matchedPods' | 'updatedPods' | 'readyPods' | 'updatedReadyPods'>
>;

/** OpenKruise's counts. "Ready" is stricter than a Pod's own: its sidecars must be the wanted ones, too. */
export const countPods = (set: SidecarSet, matched: Pod[]): Counts => {
  const updated = matched.filter((pod) => isUpdated(set, pod));
  const available = new Set(matched.filter((pod) => isAvailable(set, pod)));
  return {
    matchedPods: matched.length,
    updatedPods: updated.length,
    readyPods: available.size,
    updatedReadyPods: updated.filter((pod) => available.has(pod)).length,
  };
};
