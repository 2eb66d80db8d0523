/** What a Pod's hash annotations say against those of the SidecarSet. */
import type { Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_HASH, ANNOTATION_HASH_WITHOUT_IMAGE } from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { readPodHashes } from '../revision/podHashes.ts';

/** Both hashes are there; only our webhook (or OpenKruise's) writes them. */
export const isHashed = ({ metadata: { annotations } }: SidecarSet): boolean =>
  Boolean(annotations?.[ANNOTATION_HASH] && annotations[ANNOTATION_HASH_WITHOUT_IMAGE]);

const sameHash = (
  set: SidecarSet,
  pod: Pod,
  key: typeof ANNOTATION_HASH | typeof ANNOTATION_HASH_WITHOUT_IMAGE,
): boolean => {
  const wanted = set.metadata.annotations?.[key];
  return wanted !== undefined && readPodHashes(pod, key)?.[set.metadata.name]?.hash === wanted;
};

/** The Pod carries the SidecarSet's present containers, or has been told to. */
export const isUpdated = (set: SidecarSet, pod: Pod): boolean => sameHash(set, pod, ANNOTATION_HASH);

/** Only images differ: nothing else of a container can change in place. */
export const isUpgradable = (set: SidecarSet, pod: Pod): boolean =>
  sameHash(set, pod, ANNOTATION_HASH_WITHOUT_IMAGE);
