/** Events about a rollout, with the reasons and the source that OpenKruise gives them. */
import type { Pod } from '../../model/kubernetes.ts';
import { SIDECARSET_GROUP, SIDECARSET_VERSION } from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import type { WaitingReason } from '../../model/waiting.ts';
import { eventAbout, type ObjectEvent } from '../resources/event.ts';
import { NOT_UPGRADABLE } from './plan.ts';

const COMPONENT = 'sidecarset-controller';

/** Says how many Pods can't be upgraded in place; `undefined` if there are as many as the status said before. */
export const notUpgradableEvent = (set: SidecarSet, count: number, now: Date): ObjectEvent | undefined => {
  const waiting = set.status?.waiting ?? [];
  const before = waiting.reduce(
    (sum, { reason, pods }) => sum + (NOT_UPGRADABLE.includes(reason as WaitingReason) ? pods : 0),
    0,
  );
  if (count === 0 || count === before) return undefined;
  return eventAbout(
    { apiVersion: `${SIDECARSET_GROUP}/${SIDECARSET_VERSION}`, kind: 'SidecarSet', metadata: set.metadata },
    {
      name: `${set.metadata.name}.${set.status?.claim?.holder}`,
      type: 'Normal',
      reason: 'NotUpgradablePods',
      message: `${count} Pods differ in more than images and can't be upgraded in place`,
      component: COMPONENT,
    },
    now,
  );
};

/** Says that a hot upgrade was ended, or that the API server did not let us. */
export const resetEvent = (pod: Pod, isDone: boolean, now: Date): ObjectEvent =>
  eventAbout(
    { apiVersion: 'v1', kind: 'Pod', metadata: pod.metadata },
    {
      name: `${pod.metadata.uid}.${pod.metadata.resourceVersion}.reset`,
      type: isDone ? 'Normal' : 'Warning',
      reason: isDone ? 'ResetContainerSucceed' : 'ResetContainerFailed',
      message: isDone
        ? 'The new version has taken over; the container of the old one got the empty image'
        : 'The new version has taken over, but the container of the old one could not be emptied',
      component: COMPONENT,
    },
    now,
  );
