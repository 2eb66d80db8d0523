/** Whether the node has carried out what the Pod's spec says about its sidecars' images. */
import type { Container, Pod } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { containerStatus } from '../resources/pod.ts';
import { digestOf } from './digest.ts';
import { readUpdateStates } from './updateState.ts';

/** The recorded imageID is still reported, and for another image than the wanted one: not restarted yet. */
const isStillOld = (pod: Pod, { name, image }: Container, recorded: { imageID?: string }): boolean => {
  const status = containerStatus(pod, name);
  return status !== undefined && status.imageID === (recorded.imageID ?? '') && status.image !== image;
};

/** Names of the containers that a cold upgrade may change. */
export const sidecarNames = (set: SidecarSet): string[] =>
  (set.spec.containers ?? []).map(({ name }) => name);

/**
 * OpenKruise's rule: an image by digest has arrived when the imageID names it; any other once the imageID differs from
 * the one that the last in-place update recorded, or the reported image is the wanted one. Never updated: consistent.
 *
 * @param names the containers to look at, by default those of the SidecarSet
 */
export const isConsistent = (set: SidecarSet, pod: Pod, names = sidecarNames(set)): boolean => {
  if (pod.spec.containers.length !== (pod.status?.containerStatuses ?? []).length) return false;
  const sidecars = pod.spec.containers.filter(({ name }) => names.includes(name));
  const pinned = sidecars.filter(({ image }) => digestOf(image) !== undefined);
  const hasArrived = ({ name, image }: Container) =>
    digestOf(image) === digestOf(containerStatus(pod, name)?.imageID);
  if (!pinned.every(hasArrived)) return false;
  if (pinned.length === sidecars.length) return true;

  const states = readUpdateStates(pod);
  if (states === undefined) return false;
  const recorded = states[set.metadata.name]?.lastContainerStatuses ?? {};
  return sidecars.every((container) => {
    const before = recorded[container.name];
    return before === undefined || !isStillOld(pod, container, before);
  });
};

/** A sidecar is ready and yet not the wanted one: its restart is still to come. */
export const isInFlight = (set: SidecarSet, pod: Pod): boolean =>
  sidecarNames(set).some((name) => containerStatus(pod, name)?.ready && !isConsistent(set, pod, [name]));
