/** The writes that upgrade a Pod in place. They hold for the listed version of this very Pod only. */
import type { Pod } from '../../model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_HASH_WITHOUT_IMAGE,
  ANNOTATION_INPLACE_UPDATE_STATE,
} from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { wholeSeconds } from '../../model/time.ts';
import { patchPodMetadata } from '../injection/podMetadata.ts';
import { listedSidecars, type PodHash, podHashesText, readPodHashes } from '../revision/podHashes.ts';
import { type ContainerImage, flip, hotUpgrade } from './hotUpgrade.ts';
import { coldSidecars, type List, sidecarNames } from './sidecars.ts';
import { nextUpdateStates } from './updateState.ts';
import type { Way } from './ways.ts';

export interface PodPatch {
  metadata: { uid?: string; resourceVersion?: string; annotations: Record<string, string> };
  spec?: Partial<Record<List, ContainerImage[]>>;
}

type Images = Record<List, ContainerImage[]>;

const coldImages = (set: SidecarSet, pod: Pod): Images => {
  const images: Images = { initContainers: [], containers: [] };
  for (const { list, sidecar, container } of coldSidecars(set, pod)) {
    const { name, image } = sidecar;
    if (image !== undefined && container.image !== image) images[list].push({ name, image });
  }
  return images;
};

const specOf = ({ initContainers, containers }: Images): Pick<PodPatch, 'spec'> => {
  const spec = {
    ...(initContainers.length > 0 && { initContainers }),
    ...(containers.length > 0 && { containers }),
  };
  return Object.keys(spec).length === 0 ? {} : { spec };
};

const changedNames = ({ initContainers, containers }: Images): string[] =>
  [...initContainers, ...containers].map(({ name }) => name);

/** The annotations that `patchPodMetadata` gives the Pod, as far as they differ. */
const givenAnnotations = (set: SidecarSet, pod: Pod): Record<string, string> => {
  const given = patchPodMetadata(pod, [set]);
  if (given.kind === 'refused') return {};
  const { annotations = {} } = given.pod.metadata;
  return Object.fromEntries(
    Object.entries(annotations).filter(([key, value]) => pod.metadata.annotations?.[key] !== value),
  );
};

const hashesWith = (
  pod: Pod,
  key: typeof ANNOTATION_HASH | typeof ANNOTATION_HASH_WITHOUT_IMAGE,
  entry: PodHash,
): Record<string, string> => ({
  [key]: podHashesText({ ...readPodHashes(pod, key), [entry.sidecarSetName]: entry }),
});

/**
 * A strategic merge patch: images that differ, the annotations of `patchPodMetadata`, the Pod's hash and the state that
 * tells when the node is done. The hash without images changes only with the resources.
 *
 * @param revision name of the latest ControllerRevision
 */
export const podPatch = (
  set: SidecarSet,
  { pod, way }: { pod: Pod; way: Way },
  revision: string,
  now: Date,
): PodPatch => {
  const { name, annotations } = set.metadata;
  const updateTimestamp = wholeSeconds(now);
  const hot = hotUpgrade(set, pod);
  const cold = coldImages(set, pod);
  const images = { ...cold, containers: [...cold.containers, ...hot.images] };
  const entry = (key: string): PodHash => ({
    updateTimestamp,
    hash: annotations?.[key] ?? '',
    sidecarSetName: name,
    sidecarList: listedSidecars(set.spec),
  });
  const hash = { ...entry(ANNOTATION_HASH), controllerRevision: revision };
  return {
    metadata: {
      uid: pod.metadata.uid,
      resourceVersion: pod.metadata.resourceVersion,
      annotations: {
        ...givenAnnotations(set, pod),
        ...hot.annotations,
        ...hashesWith(pod, ANNOTATION_HASH, hash),
        ...(way === 'resize' &&
          hashesWith(pod, ANNOTATION_HASH_WITHOUT_IMAGE, entry(ANNOTATION_HASH_WITHOUT_IMAGE))),
        [ANNOTATION_INPLACE_UPDATE_STATE]: nextUpdateStates(
          pod,
          name,
          { revision: hash.hash, updateTimestamp },
          { names: sidecarNames(set), changed: changedNames(images) },
        ),
      },
    },
    ...specOf(images),
  };
};

/** A strategic merge patch that ends a hot upgrade; the hash stays. */
export const flipPatch = (set: SidecarSet, pod: Pod, now: Date): PodPatch => {
  const { images, annotations } = flip(set, pod);
  const update = {
    revision: set.metadata.annotations?.[ANNOTATION_HASH] ?? '',
    updateTimestamp: wholeSeconds(now),
  };
  const changed = images.map(({ name }) => name);
  return {
    metadata: {
      uid: pod.metadata.uid,
      resourceVersion: pod.metadata.resourceVersion,
      annotations: {
        ...annotations,
        [ANNOTATION_INPLACE_UPDATE_STATE]: nextUpdateStates(pod, set.metadata.name, update, {
          names: sidecarNames(set),
          changed,
        }),
      },
    },
    spec: { containers: images },
  };
};
