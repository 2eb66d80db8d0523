import type { SidecarContainer, SidecarSetSpec } from '../../model/sidecarset.ts';
import { SIDECAR_CONTAINER } from './containerShape.ts';
import { asMaps, goJson } from './goJson.ts';
import { safeEncode } from './safeEncode.ts';
import { list, normal } from './shape.ts';

const CONTAINERS = list(SIDECAR_CONTAINER);
const MAX_PREFIX = 223;

const listOrNull = (value: unknown[] | undefined): unknown => (value?.length ? value : null);

const containers = (value: SidecarContainer[] | undefined): unknown => normal(listOrNull(value), CONTAINERS);

/**
 * The raw JSON of a ControllerRevision's `data`, as OpenKruise writes it: the five parts of the spec that a revision
 * restores, keys sorted at every level, absent parts as `null`. Two specs are the same revision if the texts are equal.
 */
export const revisionData = (spec: SidecarSetSpec): string => {
  const restored = {
    $patch: 'replace',
    containers: containers(spec.containers),
    imagePullSecrets: listOrNull(spec.imagePullSecrets),
    initContainers: containers(spec.initContainers),
    patchPodMetadata: listOrNull(spec.patchPodMetadata),
    volumes: listOrNull(spec.volumes),
  };
  return goJson(asMaps({ spec: restored }));
};

const continuation = (code: number, shift: number): number => 0x80 | ((code >> shift) & 0x3f);

const utf8 = (character: string): number[] => {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), continuation(code, 0)];
  if (code < 0x10000) return [0xe0 | (code >> 12), continuation(code, 6), continuation(code, 0)];
  return [0xf0 | (code >> 18), continuation(code, 12), continuation(code, 6), continuation(code, 0)];
};

/** FNV-1, 32 bit, over the text's UTF-8. */
const fnv32 = (text: string): number =>
  [...text].flatMap(utf8).reduce((hash, byte) => (Math.imul(hash, 0x01000193) ^ byte) >>> 0, 0x811c9dc5);

/**
 * The hash in a ControllerRevision's name and label (`HashControllerRevision` of Kubernetes).
 *
 * @param data the text of {@link revisionData}
 */
export const revisionHash = (data: string, collisionCount: number): string =>
  safeEncode(String(fnv32(`${data}${collisionCount}`)));

/** `<SidecarSet>-<hash>`, the SidecarSet's name cut to 223 characters. */
export const revisionName = (sidecarSetName: string, hash: string): string =>
  `${sidecarSetName.slice(0, MAX_PREFIX)}-${hash}`;
