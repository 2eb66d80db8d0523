/** A stored SidecarSet made ready to be injected; the same for every Pod, so it can be kept while the set is the same. */
import type { StatusCause } from '../../model/kubernetes.ts';
import { ANNOTATION_HASH } from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import type { Digest } from '../revision/hash.ts';
import { withDefaults } from '../validation/defaults.ts';
import { readSidecarSet } from '../validation/read.ts';

export type Compiled = { kind: 'usable'; set: SidecarSet } | { kind: 'unusable'; causes: StatusCause[] };

/** Written while our webhook was not there, a set has no hashes (and no defaults). */
const hashed = (set: SidecarSet, digest: Digest): SidecarSet =>
  set.metadata.annotations?.[ANNOTATION_HASH] === undefined ? withDefaults(set, digest) : set;

/** Unusable: nobody has checked its types when it was stored. */
export const compileSet = (stored: SidecarSet, digest: Digest): Compiled => {
  const read = readSidecarSet(stored);
  return read.kind === 'read'
    ? { kind: 'usable', set: hashed(read.set, digest) }
    : { kind: 'unusable', causes: read.causes };
};
