/** Whether the node has carried out what the Pod's spec says about its sidecars' images. */
import type { Container, Pod } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { allContainers, containerStatus } from '../resources/pod.ts';
import { digestOf } from './digest.ts';
import { sidecarNames } from './sidecars.ts';
import { type RecordedStatus, readUpdateStates } from './updateState.ts';

/** From Kubernetes 1.34 on the node says which generation of the Pod it knows; `undefined` before that. */
export const hasSeenSpec = ({ metadata: { generation }, status }: Pod): boolean | undefined =>
  generation === undefined || status?.observedGeneration === undefined
    ? undefined
    : status.observedGeneration >= generation;

/**
 * The recorded imageID is still reported, and for another image than the wanted one: not restarted yet. Two images with
 * one imageID (a tag that was moved) are told by the container: it is another one, after the node has seen the spec.
 */
const isStillOld = (pod: Pod, { name, image }: Container, recorded: RecordedStatus): boolean => {
  const status = containerStatus(pod, name);
  if (status === undefined || status.imageID !== (recorded.imageID ?? '')) return false;
  const isOther = recorded.containerID !== undefined && status.containerID !== recorded.containerID;
  return status.image !== image && !(isOther && hasSeenSpec(pod) === true);
};

/**
 * OpenKruise's rule: an image by digest has arrived when the imageID names it; any other once the imageID differs from
 * the one that the last in-place update recorded, or the reported image is the wanted one. Never updated: consistent.
 * Ours: not before the node has seen the update, where it says so; a record that can't be read counts as none.
 *
 * @param names the containers to look at, by default those of the SidecarSet
 */
export const isConsistent = (set: SidecarSet, pod: Pod, names = sidecarNames(set)): boolean => {
  if (pod.spec.containers.length !== (pod.status?.containerStatuses ?? []).length) return false;
  const sidecars = allContainers(pod).filter(({ name }) => names.includes(name));
  const pinned = sidecars.filter(({ image }) => digestOf(image) !== undefined);
  const hasArrived = ({ name, image }: Container) =>
    digestOf(image) === digestOf(containerStatus(pod, name)?.imageID);
  if (!pinned.every(hasArrived)) return false;

  const recorded = readUpdateStates(pod)[set.metadata.name]?.lastContainerStatuses;
  if (recorded === undefined) return true;
  if (hasSeenSpec(pod) === false) return false;
  return sidecars.every((container) => {
    const before = recorded[container.name];
    return pinned.includes(container) || before === undefined || !isStillOld(pod, container, before);
  });
};

/** A sidecar is ready and yet not the wanted one: its restart is still to come. */
export const isInFlight = (set: SidecarSet, pod: Pod): boolean =>
  sidecarNames(set).some((name) => containerStatus(pod, name)?.ready && !isConsistent(set, pod, [name]));
