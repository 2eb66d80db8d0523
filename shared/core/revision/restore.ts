/** A SidecarSet as one of its ControllerRevisions holds it. */
import { isRecord } from '../../model/json.ts';
import type { ControllerRevision } from '../../model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_HASH_WITHOUT_IMAGE,
  LABEL_CUSTOM_VERSION,
  LABEL_SIDECARSET_NAME,
} from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { type Read, readSidecarSet } from '../validation/read.ts';
import { type Digest, sidecarSetHashes } from './hash.ts';

const HASHES = [ANNOTATION_HASH, ANNOTATION_HASH_WITHOUT_IMAGE] as const;

const belongs = ({ metadata }: ControllerRevision, set: SidecarSet): boolean =>
  metadata.labels?.[LABEL_SIDECARSET_NAME] === set.metadata.name;

/** Whether a set names a revision: only then ControllerRevisions have to be read. */
export const namesRevision = ({ spec }: SidecarSet): boolean => {
  const { revisionName, customVersion } = spec.injectionStrategy?.revision ?? {};
  return Boolean(revisionName || customVersion);
};

/** Which revision `injectionStrategy.revision` names: by name, else the newest of that custom version. */
export const namedRevision = (
  set: SidecarSet,
  revisions: ControllerRevision[],
): ControllerRevision | undefined => {
  const { revisionName, customVersion } = set.spec.injectionStrategy?.revision ?? {};
  const own = revisions.filter((revision) => belongs(revision, set));
  if (revisionName) return own.find(({ metadata }) => metadata.name === revisionName);
  return own
    .filter(({ metadata }) => metadata.labels?.[LABEL_CUSTOM_VERSION] === customVersion)
    .reduce<ControllerRevision | undefined>(
      (newest, each) => (newest === undefined || each.revision > newest.revision ? each : newest),
      undefined,
    );
};

/** The five parts of the spec that a revision holds, without its instruction to replace. */
const heldSpec = ({ data }: ControllerRevision): object => {
  const { $patch: _, ...held } = isRecord(data) && isRecord(data['spec']) ? data['spec'] : {};
  return held;
};

/**
 * The set with the revision's containers, volumes, pull secrets and Pod metadata in place of its own, and nothing else of
 * its spec; refused where the revision holds wrong types. The hashes are those that the revision was made with, else
 * they are computed.
 */
export const restored = (set: SidecarSet, revision: ControllerRevision, digest: Digest): Read => {
  const read = readSidecarSet({ ...set, spec: heldSpec(revision) });
  if (read.kind === 'refused') return read;
  const { spec } = read.set;
  const kept = HASHES.flatMap((key) => {
    const hash = revision.metadata.annotations?.[key];
    return hash === undefined ? [] : [[key, hash]];
  });
  const { hash, withoutImage } = sidecarSetHashes(spec, digest);
  const annotations = {
    ...set.metadata.annotations,
    [ANNOTATION_HASH]: hash,
    [ANNOTATION_HASH_WITHOUT_IMAGE]: withoutImage,
    ...Object.fromEntries(kept),
  };
  const counts = { matchedPods: 0, updatedPods: 0, readyPods: 0, ...set.status };
  const status = { ...counts, latestRevision: revision.metadata.name };
  return { kind: 'read', set: { ...set, metadata: { ...set.metadata, annotations }, spec, status } };
};
