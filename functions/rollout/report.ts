/** What a run tells people: the Pods' condition, and one Event on the SidecarSet. */
import { upgradableCondition } from '../../shared/core/rollout/condition.ts';
import type { Plan } from '../../shared/core/rollout/plan.ts';
import type { KubernetesObject, Pod } from '../../shared/model/kubernetes.ts';
import { SIDECARSET_GROUP, SIDECARSET_VERSION } from '../../shared/model/names.ts';
import { EVENTS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import { wholeSeconds } from '../../shared/model/time.ts';
import type { Dependencies } from './dependencies.ts';
import { sideBySide } from './sideBySide.ts';
import { WIDTH, type Written, writePod } from './upgrade.ts';

/** Events about objects without a namespace are kept here. */
const EVENT_NAMESPACE = 'default';

/** Writes the condition `SidecarSetUpgradable` where it changes, none later than `end`. */
export const writeConditions = (
  dependencies: Dependencies,
  { metadata: { name } }: SidecarSet,
  { upgrades, plan, end }: { upgrades: Written[]; plan: Plan; end: Date },
): Promise<Written[]> => {
  const now = dependencies.clock.now();
  const change = (pod: Pod, upgradable: boolean) => {
    const condition = upgradableCondition(pod, name, upgradable, now);
    return condition ? [{ pod, condition }] : [];
  };
  const changes = [
    ...upgrades.flatMap((written) => (written.kind === 'written' ? change(written.stored, true) : [])),
    ...plan.notUpgradable.flatMap((pod) => change(pod, false)),
  ];
  return sideBySide(changes, WIDTH, ({ pod, condition }) => {
    const patch = { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } };
    return writePod(dependencies, pod, patch, { end, subresource: 'status' });
  });
};

const notUpgradableEvent = (set: SidecarSet, count: number, now: string): KubernetesObject => {
  const { name, uid } = set.metadata;
  const event = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${set.status?.claim?.holder}`, namespace: EVENT_NAMESPACE },
    involvedObject: {
      apiVersion: `${SIDECARSET_GROUP}/${SIDECARSET_VERSION}`,
      kind: 'SidecarSet',
      name,
      uid,
    },
    type: 'Normal',
    reason: 'NotUpgradablePods',
    message: `${count} Pods differ in more than images and can't be upgraded in place`,
    source: { component: 'sidecarset-controller' },
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
  };
  return event;
};

/** Says on the SidecarSet how many Pods can't be upgraded. It is for people only: a failure is logged, no more. */
export const announce = async (
  { cluster, clock, log }: Dependencies,
  set: SidecarSet,
  notUpgradable: Pod[],
): Promise<void> => {
  if (notUpgradable.length === 0) return;
  try {
    await cluster.create(EVENTS, notUpgradableEvent(set, notUpgradable.length, wholeSeconds(clock.now())));
  } catch (fault) {
    log.warn('the Event about Pods that are not upgradable was not written', { fault });
  }
};
