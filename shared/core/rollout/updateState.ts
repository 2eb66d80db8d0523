/** The record of a Pod's in-place updates (`kruise.io/sidecarset-inplace-update-state`), by SidecarSet name. */

import { isRecord } from '../../model/json.ts';
import type { Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_INPLACE_UPDATE_STATE } from '../../model/names.ts';
import { parseRecord } from '../resources/json.ts';
import { perPod } from '../resources/perPod.ts';
import { containerStatus } from '../resources/pod.ts';
import { asMaps, goJson } from '../revision/goJson.ts';

/** What a container reported before its last update. The containerID is ours; OpenKruise passes over it. */
export interface RecordedStatus {
  imageID?: string;
  containerID?: string;
}

export interface UpdateState {
  /** Hash and time (RFC 3339) of the last update. OpenKruise keeps those of the first, which says nothing any more. */
  revision: string;
  updateTimestamp: string;
  /** `{}` if the container reported nothing. */
  lastContainerStatuses: Record<string, RecordedStatus>;
}

export type UpdateStates = Record<string, UpdateState | undefined>;

const recordedStatus = (value: unknown): RecordedStatus => (isRecord(value) ? value : {});

const updateState = (value: unknown): UpdateState | undefined => {
  if (!isRecord(value)) return undefined;
  const statuses = isRecord(value['lastContainerStatuses']) ? value['lastContainerStatuses'] : {};
  const recorded = Object.entries(statuses).map(([name, status]) => [name, recordedStatus(status)]);
  return { ...value, lastContainerStatuses: Object.fromEntries(recorded) } as UpdateState;
};

/** What was recorded; nothing where the annotation is absent or can't be read: the next update writes it anew. */
export const readUpdateStates = perPod((pod): UpdateStates => {
  const states = parseRecord(pod.metadata.annotations?.[ANNOTATION_INPLACE_UPDATE_STATE] ?? '') ?? {};
  return Object.fromEntries(Object.entries(states).map(([name, value]) => [name, updateState(value)]));
});

const statusBefore = (pod: Pod, container: string): RecordedStatus => {
  const { imageID, containerID } = containerStatus(pod, container) ?? {};
  return { ...(imageID && { imageID }), ...(containerID && { containerID }) };
};

/**
 * The annotation's text after one more update: the containers in `changed` are recorded anew, others that the SidecarSet
 * still has keep their record. Keys are sorted as in OpenKruise.
 *
 * @param names the SidecarSet's containers in the Pod
 */
export const nextUpdateStates = (
  pod: Pod,
  set: string,
  update: { revision: string; updateTimestamp: string },
  { names, changed }: { names: string[]; changed: string[] },
): string => {
  const states = readUpdateStates(pod);
  const kept = Object.entries(states[set]?.lastContainerStatuses ?? {}).filter(([name]) =>
    names.includes(name),
  );
  const recorded = changed.map((name) => [name, statusBefore(pod, name)]);
  const lastContainerStatuses = asMaps(Object.fromEntries([...kept, ...recorded]));
  return goJson(
    new Map(Object.entries({ ...states, [set]: { ...states[set], ...update, lastContainerStatuses } })),
  );
};
