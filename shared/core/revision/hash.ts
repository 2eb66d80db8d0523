import type { SidecarContainer, SidecarSetSpec } from '../../model/sidecarset.ts';
import { SIDECAR_CONTAINER } from './containerShape.ts';
import { goJson } from './goJson.ts';
import { safeEncode } from './safeEncode.ts';
import { list, normal } from './shape.ts';

/** SHA-256 of the text's UTF-8, as lower-case hex. */
export type Digest = (text: string) => string;

export interface SidecarSetHashes {
  /** Changes with anything in the containers. */
  hash: string;
  /** Changes with anything in the containers but their images. */
  withoutImage: string;
}

const CONTAINERS = list(SIDECAR_CONTAINER);

/** A restartable init container: a sidecar that the kubelet itself starts first and ends last. */
export const isNativeSidecar = (container: SidecarContainer): boolean => container.restartPolicy === 'Always';

const hashed = ({ containers = null, initContainers = [] }: Containers): string => {
  const parts: [string, unknown][] = [['containers', normal(containers, CONTAINERS)]];
  if (initContainers?.some(isNativeSidecar))
    parts.push(['initContainers', normal(initContainers, CONTAINERS)]);
  return goJson(Object.fromEntries(parts));
};

interface Containers {
  containers?: SidecarContainer[] | null;
  initContainers?: SidecarContainer[] | null;
}

const withoutImage = ({ containers, initContainers }: Containers): Containers => ({
  containers: containers?.map((container) => ({ ...container, image: '' })),
  initContainers: initContainers?.map((container) => ({ ...container, image: '' })),
});

/**
 * Both hashes of a defaulted spec, byte by byte those of OpenKruise: SHA-256 over the containers as Go writes them, hex
 * digits mapped to an alphabet without vowels. Init containers count, all of them, if one is a native sidecar.
 * A container field that Kubernetes 1.32 does not know counts too (OpenKruise strips it).
 */
export const sidecarSetHashes = (spec: SidecarSetSpec, digest: Digest): SidecarSetHashes => ({
  hash: safeEncode(digest(hashed(spec))),
  withoutImage: safeEncode(digest(hashed(withoutImage(spec)))),
});
