import type { ConfigMap, Pod } from '../../model/kubernetes.ts';

/** Whose start levels a ConfigMap of the barrier's name holds. */
export type BarrierOwner = 'nobody' | 'this' | 'predecessor' | 'stranger';

/**
 * `predecessor`: a Pod of the same name that is gone; its open levels must not let this Pod's containers start.
 * `stranger`: a ConfigMap that belongs to no Pod of that name is not ours to write.
 */
export const barrierOwner = (pod: Pod, configMap: ConfigMap | undefined): BarrierOwner => {
  if (configMap === undefined) return 'nobody';
  const owners = configMap.metadata.ownerReferences ?? [];
  if (owners.some(({ uid }) => uid === pod.metadata.uid)) return 'this';
  const namesake = owners.some(({ kind, name }) => kind === 'Pod' && name === pod.metadata.name);
  return namesake ? 'predecessor' : 'stranger';
};
