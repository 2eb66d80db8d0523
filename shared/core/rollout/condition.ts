/** The Pod condition `SidecarSetUpgradable`: whether its SidecarSets can be upgraded in place. */
import type { Condition, Pod } from '../../model/kubernetes.ts';
import { CONDITION_UPGRADABLE } from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { wholeSeconds } from '../../model/time.ts';
import { parseRecord } from '../resources/json.ts';
import { goJson } from '../revision/goJson.ts';
import { isUpdated, isUpgradable } from './updated.ts';
import { readUpdateStates } from './updateState.ts';

const findingsOf = (former: Condition | undefined): Record<string, unknown> | undefined =>
  parseRecord(former?.message || '{}');

const formerOf = (pod: Pod): Condition | undefined =>
  pod.status?.conditions?.find(({ type }) => type === CONDITION_UPGRADABLE);

/** The Pod's condition has this finding about the SidecarSet, or is somebody else's text that we leave alone. */
const isFound = (pod: Pod, set: string, upgradable: boolean): boolean => {
  const findings = findingsOf(formerOf(pod));
  return findings === undefined || findings[set] === upgradable;
};

/**
 * The condition with one more finding, as OpenKruise writes it: its message is a JSON map of SidecarSet name to finding,
 * it is True if all are. `undefined` if {@link isFound}.
 */
export const upgradableCondition = (
  pod: Pod,
  set: string,
  upgradable: boolean,
  now: Date,
): Condition | undefined => {
  if (isFound(pod, set, upgradable)) return undefined;
  const former = formerOf(pod);
  const next: Record<string, unknown> = { ...findingsOf(former), [set]: upgradable };
  const status = Object.values(next).every((finding) => finding === true) ? 'True' : 'False';
  const since = former?.status === status ? former.lastTransitionTime : undefined;
  return {
    type: CONDITION_UPGRADABLE,
    status,
    reason: status === 'True' ? 'AllSidecarsetUpgradable' : 'UpdateImmutableField',
    message: goJson(new Map(Object.entries(next))),
    lastTransitionTime: since ?? wholeSeconds(now),
  };
};

export interface UpgradableFinding {
  pod: Pod;
  upgradable: boolean;
}

/** OpenKruise says it of Pods that it has upgraded in place, and leaves a finding that is not true any more. */
const isUpgradableUnsaid = (set: SidecarSet, pod: Pod): boolean => {
  const found = findingsOf(formerOf(pod))?.[set.metadata.name];
  if (found === true) return false;
  if (found === false) return isUpdated(set, pod) || isUpgradable(set, pod);
  return isUpdated(set, pod) && readUpdateStates(pod)[set.metadata.name] !== undefined;
};

/** What is to be written: of Pods that were upgraded, that can't be upgraded in place, and that can be again. */
export const findingsToWrite = (
  set: SidecarSet,
  matched: Pod[],
  notUpgradable: Pod[],
): UpgradableFinding[] => {
  const findings = [
    ...matched.filter((pod) => isUpgradableUnsaid(set, pod)).map((pod) => ({ pod, upgradable: true })),
    ...notUpgradable.map((pod) => ({ pod, upgradable: false })),
  ];
  return findings.filter(({ pod, upgradable }) => !isFound(pod, set.metadata.name, upgradable));
};
