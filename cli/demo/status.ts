/** The SidecarSet's status beside an independent count of the Pods. Pure. */
import type { Pod } from '../../shared/model/kubernetes.ts';
import { ANNOTATION_HASH, ANNOTATION_INJECTED_LIST } from '../../shared/model/names.ts';
import type { SidecarSet, SidecarSetStatus } from '../../shared/model/sidecarset.ts';
import { isServing } from './serving.ts';

type Counts = Pick<SidecarSetStatus, 'matchedPods' | 'updatedPods' | 'readyPods'>;

const belongs = (set: SidecarSet, { metadata, status }: Pod): boolean =>
  (metadata.annotations?.[ANNOTATION_INJECTED_LIST] ?? '').split(',').includes(set.metadata.name) &&
  metadata.deletionTimestamp === undefined &&
  status?.phase !== 'Succeeded' &&
  status?.phase !== 'Failed';

const isUpdated = (set: SidecarSet, { metadata }: Pod): boolean => {
  const hashes = JSON.parse(metadata.annotations?.[ANNOTATION_HASH] ?? '{}') as Record<
    string,
    { hash?: string }
  >;
  return hashes[set.metadata.name]?.hash === set.metadata.annotations?.[ANNOTATION_HASH];
};

/** What the SidecarSet's status must say about these Pods. */
export const countPods = (set: SidecarSet, pods: Pod[]): Counts => {
  const matched = pods.filter((pod) => belongs(set, pod));
  const sidecars = (set.spec.containers ?? []).map(({ name }) => name);
  return {
    matchedPods: matched.length,
    updatedPods: matched.filter((pod) => isUpdated(set, pod)).length,
    readyPods: matched.filter((pod) => isServing(pod, sidecars)).length,
  };
};

export const countsText = (counts: Counts | undefined): string =>
  counts
    ? `matched ${counts.matchedPods}, updated ${counts.updatedPods}, ready ${counts.readyPods}`
    : 'none yet';

/** Whether the status is about the current spec and tells the truth. */
export const statusAgrees = (set: SidecarSet, pods: Pod[]): boolean => {
  const truth = countPods(set, pods);
  return (
    set.status?.observedGeneration === set.metadata.generation &&
    set.status?.matchedPods === truth.matchedPods &&
    set.status.updatedPods === truth.updatedPods &&
    set.status.readyPods === truth.readyPods
  );
};
