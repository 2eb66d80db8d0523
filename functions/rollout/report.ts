/** What a run tells people: the Pods' condition, and Events. */
import type { ObjectEvent } from '../../shared/core/resources/event.ts';
import { findingsToWrite, upgradableCondition } from '../../shared/core/rollout/condition.ts';
import { notUpgradableEvent, resetEvent } from '../../shared/core/rollout/events.ts';
import type { Plan } from '../../shared/core/rollout/plan.ts';
import { isAlreadyExists } from '../../shared/io/ports.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import { EVENTS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import type { Dependencies } from './dependencies.ts';
import { patchPod, type Written, writeEach } from './writes.ts';

/**
 * Writes the condition `SidecarSetUpgradable` where it changes, none later than `end`.
 *
 * @param after the Pods after the upgrades
 */
export const writeConditions = (
  dependencies: Dependencies,
  set: SidecarSet,
  { after, plan, end }: { after: Pod[]; plan: Plan; end: Date },
): Promise<Written[]> => {
  const now = dependencies.clock.now();
  const changes = findingsToWrite(set, after, plan.notUpgradable).flatMap(({ pod, upgradable }) => {
    const condition = upgradableCondition(pod, set.metadata.name, upgradable, now);
    return condition ? [{ pod, condition }] : [];
  });
  return writeEach(dependencies, changes, end, ({ pod, condition }) => {
    const patch = { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } };
    return patchPod(dependencies, { pod, patch, subresource: 'status' });
  });
};

/** Events are for people only: a failure is logged, no more. */
const tell = async ({ cluster, log }: Dependencies, event: ObjectEvent): Promise<void> => {
  try {
    await cluster.create(EVENTS, event);
  } catch (fault) {
    if (!isAlreadyExists(fault)) log.warn('an Event was not written', { reason: event.reason, fault });
  }
};

/** Says on the SidecarSet how many Pods can't be upgraded. */
export const announce = async (dependencies: Dependencies, set: SidecarSet, count: number): Promise<void> => {
  const event = notUpgradableEvent(set, count, dependencies.clock.now());
  if (event) await tell(dependencies, event);
};

/** Says on each Pod that its hot upgrade was ended, or could not be. */
export const reportFlips = async (dependencies: Dependencies, flips: Written[]): Promise<void> => {
  const now = dependencies.clock.now();
  const events = flips.flatMap(({ kind, pod }) =>
    kind === 'written' || kind === 'refused' ? [resetEvent(pod, kind === 'written', now)] : [],
  );
  await Promise.all(events.map((event) => tell(dependencies, event)));
};
