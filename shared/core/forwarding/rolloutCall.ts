import type { Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_HASH, ANNOTATION_INJECTED_LIST } from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { containerStatus, injectedContainers, injectedSets, isReady, isTerminal } from '../resources/pod.ts';
import { type Change, changes } from './change.ts';

/** What a rollout counts: whether the Pod is there, available, on which revision, and whether the kubelet has followed. */
const counted = (pod: Pod): unknown => [
  pod.metadata.deletionTimestamp !== undefined,
  isTerminal(pod),
  isReady(pod),
  pod.metadata.labels,
  pod.metadata.annotations?.[ANNOTATION_HASH],
  pod.metadata.annotations?.[ANNOTATION_INJECTED_LIST],
  injectedContainers(pod).map(({ name, image }) => {
    const status = containerStatus(pod, name);
    return [name, image, status?.image, status?.imageID, status?.containerID];
  }),
];

/** SidecarSets that a Pod's change is about: those it was injected by, before or after. */
export const setsOf = ({ before, after }: Change): string[] => [
  ...new Set([before, after].flatMap((pod) => (pod ? injectedSets(pod) : []))),
];

/**
 * An injected Pod came, went, or changed what a rollout counts. Wider than OpenKruise, which misses Pods that end
 * without ever having been ready, deletions under NotUpdate, and annotations that others change.
 */
export const podAsksForRollout = (change: Change): boolean =>
  setsOf(change).length > 0 &&
  (change.before === undefined || change.after === undefined || changes(change, counted));

/** A SidecarSet came, went, or has a new generation; its status says nothing new to the one who writes it. */
export const setAsksForRollout = (change: Change<SidecarSet>): boolean =>
  change.before === undefined ||
  change.after === undefined ||
  changes(change, ({ metadata }) => [metadata.generation, metadata.deletionTimestamp]);
