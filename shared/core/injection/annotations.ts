/** The annotations by which OpenKruise and this project tell what was injected into a Pod. */
import type { Pod } from '../../model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_HASH_WITHOUT_IMAGE,
  ANNOTATION_INJECTED_LIST,
} from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { wholeSeconds } from '../../model/time.ts';
import { listedSidecars, type PodHash, podHashesText } from '../revision/podHashes.ts';

type Hashes = Record<string, PodHash>;

/** What the two hash annotations of a Pod already hold. */
export interface Recorded {
  hashes: Hashes;
  withoutImage: Hashes;
}

const entry = (set: SidecarSet, key: string, now: Date): PodHash => ({
  updateTimestamp: wholeSeconds(now),
  hash: set.metadata.annotations?.[key] ?? '',
  sidecarSetName: set.metadata.name,
  sidecarList: listedSidecars(set.spec),
});

const added = (before: Hashes, entries: PodHash[]): string =>
  podHashesText({ ...before, ...Object.fromEntries(entries.map((hash) => [hash.sidecarSetName, hash])) });

/** As OpenKruise reads the list: a comma parts names, nothing is trimmed, an empty annotation holds none. */
const listed = (pod: Pod): string[] => {
  const text = pod.metadata.annotations?.[ANNOTATION_INJECTED_LIST];
  return text ? text.split(',') : [];
};

const union = (pod: Pod, sets: SidecarSet[]): string =>
  [...new Set([...listed(pod), ...sets.map(({ metadata }) => metadata.name)])].sort().join(',');

/** The Pod's annotations after the sets were injected; entries of other sets stay. */
export const injectionAnnotations = (
  pod: Pod,
  sets: SidecarSet[],
  recorded: Recorded,
  now: Date,
): Record<string, string> => ({
  ...pod.metadata.annotations,
  [ANNOTATION_HASH]: added(
    recorded.hashes,
    sets.map((set) => ({
      ...entry(set, ANNOTATION_HASH, now),
      controllerRevision: set.status?.latestRevision || undefined,
    })),
  ),
  [ANNOTATION_HASH_WITHOUT_IMAGE]: added(
    recorded.withoutImage,
    sets.map((set) => entry(set, ANNOTATION_HASH_WITHOUT_IMAGE, now)),
  ),
  [ANNOTATION_INJECTED_LIST]: union(pod, sets),
});
