/** The write that upgrades a Pod in place. */
import type { Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_HASH, ANNOTATION_INPLACE_UPDATE_STATE } from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { wholeSeconds } from '../../model/time.ts';
import { listedSidecars, type PodHash, podHashesText, readPodHashes } from '../revision/podHashes.ts';
import { nextUpdateStates } from './updateState.ts';

export interface PodPatch {
  metadata: { uid?: string; resourceVersion?: string; annotations: Record<string, string> };
  spec?: { containers: { name: string; image: string }[] };
}

const differingImages = (set: SidecarSet, pod: Pod): { name: string; image: string }[] =>
  (set.spec.containers ?? []).flatMap(({ name, image }) => {
    const inPod = pod.spec.containers.find((container) => container.name === name);
    return inPod !== undefined && image !== undefined && inPod.image !== image ? [{ name, image }] : [];
  });

/**
 * A strategic merge patch: images that differ, the Pod's hash and the state that tells when the node is done.
 * It holds for the listed version of this very Pod only. The hash without images stays: it does not change.
 *
 * @param revision name of the latest ControllerRevision
 */
export const podPatch = (set: SidecarSet, pod: Pod, revision: string, now: Date): PodPatch => {
  const { name } = set.metadata;
  const hash = set.metadata.annotations?.[ANNOTATION_HASH] ?? '';
  const updateTimestamp = wholeSeconds(now);
  const containers = differingImages(set, pod);
  const changed = containers.map((container) => container.name);
  const entry: PodHash = {
    updateTimestamp,
    hash,
    sidecarSetName: name,
    sidecarList: listedSidecars(set.spec),
    controllerRevision: revision,
  };
  return {
    metadata: {
      uid: pod.metadata.uid,
      resourceVersion: pod.metadata.resourceVersion,
      annotations: {
        [ANNOTATION_HASH]: podHashesText({ ...readPodHashes(pod, ANNOTATION_HASH), [name]: entry }),
        [ANNOTATION_INPLACE_UPDATE_STATE]: nextUpdateStates(
          pod,
          name,
          { revision: hash, updateTimestamp },
          changed,
        ),
      },
    },
    ...(containers.length > 0 && { spec: { containers } }),
  };
};
