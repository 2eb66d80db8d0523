/** The record of a Pod's in-place updates (`kruise.io/sidecarset-inplace-update-state`), by SidecarSet name. */

import { isRecord } from '../../model/json.ts';
import type { Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_INPLACE_UPDATE_STATE } from '../../model/names.ts';
import { parseRecord } from '../resources/json.ts';
import { containerStatus } from '../resources/pod.ts';
import { asMaps, goJson } from '../revision/goJson.ts';

export interface UpdateState {
  /** Hash and time (RFC 3339) of the first update; OpenKruise never refreshes them. */
  revision: string;
  updateTimestamp: string;
  /** What each container reported before its last update; `{}` if its imageID was not known. */
  lastContainerStatuses: Record<string, { imageID?: string }>;
}

export type UpdateStates = Record<string, UpdateState | undefined>;

const updateState = (value: unknown): UpdateState | undefined => {
  if (!isRecord(value)) return undefined;
  const statuses = isRecord(value['lastContainerStatuses']) ? value['lastContainerStatuses'] : {};
  return { ...value, lastContainerStatuses: statuses } as UpdateState;
};

/** `{}` without the annotation, `undefined` if it can't be read. */
export const readUpdateStates = (pod: Pod): UpdateStates | undefined => {
  const text = pod.metadata.annotations?.[ANNOTATION_INPLACE_UPDATE_STATE];
  if (text === undefined) return {};
  const states = parseRecord(text);
  return (
    states && Object.fromEntries(Object.entries(states).map(([name, value]) => [name, updateState(value)]))
  );
};

const imageIDBefore = (pod: Pod, container: string): { imageID?: string } => {
  const imageID = containerStatus(pod, container)?.imageID;
  return imageID ? { imageID } : {};
};

/**
 * The annotation's text after one more update: hash and time stay those of the first, the containers in `changed` are
 * recorded anew, others keep their record. Keys are sorted as in OpenKruise.
 */
export const nextUpdateStates = (
  pod: Pod,
  set: string,
  first: { revision: string; updateTimestamp: string },
  changed: string[],
): string => {
  const states = readUpdateStates(pod) ?? {};
  const recorded = Object.fromEntries(changed.map((name) => [name, imageIDBefore(pod, name)]));
  const lastContainerStatuses = asMaps({ ...states[set]?.lastContainerStatuses, ...recorded });
  const next = { ...first, ...states[set], lastContainerStatuses };
  return goJson(new Map(Object.entries({ ...states, [set]: next })));
};
