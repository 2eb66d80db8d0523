import type { Pod } from '../../../../../shared/model/kubernetes.ts';
import { type Action, NOTHING, type Plan, type Subject } from '../plan.ts';
import { availableIn, isActive, isReady, podFrom, surplus } from '../pods.ts';
import { same } from '../same.ts';
import { REPLICA_SETS, type ReplicaSet, type ReplicaSetStatus } from '../workloads.ts';

const hasLabels = (pod: Pod, labels: Record<string, string> = {}): boolean =>
  Object.entries(labels).every(([key, value]) => pod.metadata.labels?.[key] === value);

const statusOf = (set: ReplicaSet, active: Pod[], waits: (number | undefined)[]): ReplicaSetStatus => ({
  replicas: active.length,
  fullyLabeledReplicas: active.filter((pod) => hasLabels(pod, set.spec.template.metadata?.labels)).length,
  readyReplicas: active.filter(isReady).length,
  availableReplicas: waits.filter((wait) => wait === 0).length,
  observedGeneration: set.metadata.generation,
});

const scale = (set: ReplicaSet, active: Pod[]): Action[] => {
  const owner: Subject = { resource: REPLICA_SETS, metadata: set.metadata };
  const wanted = set.spec.replicas ?? 1;
  const missing = Math.max(0, wanted - active.length);
  return [
    ...surplus(active, wanted).map((pod): Action => ({ kind: 'remove-pod', owner, pod })),
    ...Array.from(
      { length: missing },
      (): Action => ({ kind: 'create-pod', owner, pod: podFrom(set.spec.template, owner) }),
    ),
  ];
};

/**
 * Status, then Pods up or down to `spec.replicas`. Pods that ended or are being deleted count no more. Pods without a
 * controller are not adopted.
 *
 * @param pods the Pods that the ReplicaSet controls
 */
export const planReplicaSet = (set: ReplicaSet, pods: Pod[], now: Date): Plan => {
  if (set.metadata.deletionTimestamp !== undefined) return NOTHING;
  const active = pods.filter(isActive);
  const waits = active.map((pod) => availableIn(pod, set.spec.minReadySeconds ?? 0, now));
  const status = statusOf(set, active, waits);
  const write: Action[] = same(status, set.status)
    ? []
    : [{ kind: 'status', resource: REPLICA_SETS, object: { ...set, status } }];
  const soon = waits.flatMap((wait) => (wait ? [wait] : []));
  return {
    actions: [...write, ...scale(set, active)],
    again: soon.length > 0 ? Math.min(...soon) : undefined,
  };
};
