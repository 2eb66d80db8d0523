/** The two hash annotations of a Pod: a JSON map by SidecarSet name, in today's and in OpenKruise's older form. */

import { isRecord } from '../../model/json.ts';
import type { Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_HASH, ANNOTATION_HASH_WITHOUT_IMAGE } from '../../model/names.ts';
import type { SidecarSet, SidecarSetSpec } from '../../model/sidecarset.ts';
import { parseRecord } from '../resources/json.ts';
import { perPod } from '../resources/perPod.ts';
import { goJson } from './goJson.ts';
import { isNativeSidecar } from './hash.ts';

export interface PodHash {
  /** RFC 3339, whole seconds; null where the older form had none. */
  updateTimestamp: string | null;
  hash: string;
  sidecarSetName: string;
  /** Names of the injected containers, sorted; null where the older form had none. */
  sidecarList: string[] | null;
  /** The ControllerRevision that the containers come from. */
  controllerRevision?: string;
}

const isPodHash = (value: unknown): value is PodHash => isRecord(value) && typeof value['hash'] === 'string';

const podHash = (sidecarSetName: string, value: unknown): PodHash[] => {
  if (isPodHash(value)) return [value];
  return typeof value === 'string'
    ? [{ updateTimestamp: null, hash: value, sidecarSetName, sidecarList: null }]
    : [];
};

type HashKey = typeof ANNOTATION_HASH | typeof ANNOTATION_HASH_WITHOUT_IMAGE;

const reader = (key: HashKey) =>
  perPod((pod): Record<string, PodHash> | undefined => {
    const text = pod.metadata.annotations?.[key] ?? '';
    if (text === '') return {};
    const entries = Object.entries(parseRecord(text) ?? { unreadable: undefined });
    const hashes = entries.flatMap(([name, value]) =>
      podHash(name, value).map((hash) => [name, hash] as const),
    );
    return hashes.length === entries.length ? Object.fromEntries(hashes) : undefined;
  });

const READERS = {
  [ANNOTATION_HASH]: reader(ANNOTATION_HASH),
  [ANNOTATION_HASH_WITHOUT_IMAGE]: reader(ANNOTATION_HASH_WITHOUT_IMAGE),
};

/**
 * The hashes by SidecarSet name: `{}` if the annotation is absent or empty, `undefined` if it can't be read.
 * The older form `{"<set>": "<hash>"}` comes out as OpenKruise upgrades it.
 */
export const readPodHashes = (pod: Pod, key: HashKey): Record<string, PodHash> | undefined =>
  READERS[key](pod);

/** Names of a SidecarSet's containers as its entry in the Pod lists them: plain init containers are left out. */
export const listedSidecars = (spec: SidecarSetSpec): string[] =>
  [...(spec.containers ?? []), ...(spec.initContainers ?? []).filter(isNativeSidecar)]
    .map(({ name }) => name)
    .sort();

/** The annotation's text, entries sorted by SidecarSet as OpenKruise writes them. */
export const podHashesText = (hashes: Record<string, PodHash>): string =>
  goJson(new Map(Object.entries(hashes)));

/** Names of the ControllerRevisions that Pods carry of a SidecarSet. */
export const usedRevisions = (set: SidecarSet, pods: Pod[]): Set<string> =>
  new Set(
    pods.flatMap((pod) => readPodHashes(pod, ANNOTATION_HASH)?.[set.metadata.name]?.controllerRevision ?? []),
  );
