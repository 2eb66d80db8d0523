/** How each Pod of an old revision is upgraded, or why it is not. */
import type { ControllerRevision, Pod } from '../../model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_HASH_WITHOUT_IMAGE,
  ANNOTATION_TERMINATION,
  ANNOTATION_UPGRADE_JOBS,
} from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import type { WaitingReason } from '../../model/waiting.ts';
import { patchPodMetadata } from '../injection/podMetadata.ts';
import { selects } from '../labels/selector.ts';
import { readPodHashes } from '../revision/podHashes.ts';
import { type BeyondImage, wayBeyondImage } from './beyondImage.ts';
import { isInFlight } from './consistent.ts';
import { isFlipDue } from './hotUpgrade.ts';
import { isUpgradable } from './updated.ts';

export type Way = 'image' | BeyondImage;

const HASHES = [ANNOTATION_HASH, ANNOTATION_HASH_WITHOUT_IMAGE] as const;

/** What was injected by others stands in the same annotations: they are never written over blindly. */
const hasReadableHashes = (pod: Pod): boolean => HASHES.every((key) => readPodHashes(pod, key) !== undefined);

/** The webhook merges into the annotations of a fresh Pod, too: a recreation would not help. */
const isMergeable = (set: SidecarSet, pod: Pod): boolean => patchPodMetadata(pod, [set]).kind === 'patched';

/**
 * An upgrade restarts a container: a failed pull ends it for good under Never, and a Job counts restarts under OnFailure.
 * Once the sidecars are being ended an image would bring them back.
 */
const mayRestart = ({ metadata }: SidecarSet, pod: Pod): boolean =>
  (pod.spec.restartPolicy ?? 'Always') === 'Always' ||
  (metadata.annotations?.[ANNOTATION_UPGRADE_JOBS] === 'true' &&
    pod.metadata.annotations?.[ANNOTATION_TERMINATION] === undefined);

/** Whether `updateStrategy.selector`, if there is one, lets the Pod be upgraded. */
export const isChosen = ({ spec: { updateStrategy } }: SidecarSet, { metadata }: Pod): boolean =>
  !updateStrategy?.selector || selects(updateStrategy.selector, metadata.labels);

export const isWay = (answer: Way | WaitingReason): answer is Way =>
  answer === 'image' || answer === 'resize' || answer === 'recreate';

/** For a Pod that is not updated: how it is upgraded, or why it is not (yet), whatever partition and budget say. */
export const wayOf = (set: SidecarSet, pod: Pod, history: ControllerRevision[]): Way | WaitingReason => {
  if (!isChosen(set, pod)) return 'NotSelected';
  if (!mayRestart(set, pod)) return 'RunsToCompletion';
  if (!isMergeable(set, pod)) return 'AnnotationUnreadable';
  const isReadable = hasReadableHashes(pod);
  const way = isReadable && isUpgradable(set, pod) ? 'image' : wayBeyondImage(set, pod, history);
  if (way === 'recreate') return way;
  if (!isReadable) return 'AnnotationUnreadable';
  if (!isWay(way)) return way;
  if (isInFlight(set, pod)) return 'InFlight';
  return isFlipDue(set, pod) ? 'Migrating' : way;
};
