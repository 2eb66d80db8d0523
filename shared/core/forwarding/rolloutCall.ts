import type { Pod } from '../../model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_INJECTED_LIST,
  ANNOTATION_INPLACE_UPDATE_STATE,
  ANNOTATION_WORKING,
} from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import {
  allContainerStatuses,
  containerStatus,
  injectedContainers,
  injectedSets,
  isReady,
  isTerminal,
} from '../resources/pod.ts';
import { hasSeenSpec } from '../rollout/consistent.ts';
import { failureOf } from '../rollout/failure.ts';
import { type Change, changes } from './change.ts';

/** Of a Pod with a hot-upgraded sidecar: an upgrade is finished once every container is ready, if not the Pod. */
const handsOver = (pod: Pod): unknown => {
  const working = pod.metadata.annotations?.[ANNOTATION_WORKING];
  return (
    working !== undefined && [working, allContainerStatuses(pod).map(({ name, ready }) => [name, ready])]
  );
};

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
    return [name, image, status?.image, status?.imageID, status?.containerID, status?.ready];
  }),
  handsOver(pod),
];

/** That a container fails: with which reason changes with every try. Which of several is named first, the set decides. */
const fails = (pod: Pod): boolean => failureOf({ metadata: { name: '' }, spec: {} }, pod) !== undefined;

/** By what the node says, and not because a start level was opened. */
const beginsToFail = ({ before, after }: Change): boolean =>
  before !== undefined && after !== undefined && !fails({ ...after, status: before.status }) && fails(after);

/** The node has come to know what an upgrade in place has written. */
const catchesUp = ({ before, after }: Change): boolean =>
  before !== undefined &&
  after?.metadata.annotations?.[ANNOTATION_INPLACE_UPDATE_STATE] !== undefined &&
  hasSeenSpec(before) === false &&
  hasSeenSpec(after) !== false;

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
  (change.before === undefined ||
    change.after === undefined ||
    changes(change, counted) ||
    beginsToFail(change) ||
    catchesUp(change));

/** A SidecarSet came, went, or has a new generation; its status says nothing new to the one who writes it. */
export const setAsksForRollout = (change: Change<SidecarSet>): boolean =>
  change.before === undefined ||
  change.after === undefined ||
  changes(change, ({ metadata }) => [metadata.generation, metadata.deletionTimestamp]);
