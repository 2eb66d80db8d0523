import type { ObjectMeta, OwnerReference, Pod } from '../../../../shared/model/kubernetes.ts';
import type { Subject } from './plan.ts';
import type { PodTemplate } from './workloads.ts';

export const isSucceeded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded';

/** Counts as a replica or as an active Pod: neither ended nor being deleted. */
export const isActive = (pod: Pod): boolean =>
  !isSucceeded(pod) && pod.status?.phase !== 'Failed' && pod.metadata.deletionTimestamp === undefined;

const readyCondition = (pod: Pod) =>
  pod.status?.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True');

export const isReady = (pod: Pod): boolean => readyCondition(pod) !== undefined;

/** Milliseconds until a ready Pod counts as available, 0 if it does; `undefined` if it is not ready. */
export const availableIn = (pod: Pod, minReadySeconds: number, now: Date): number | undefined => {
  const ready = readyCondition(pod);
  if (!ready) return undefined;
  if (minReadySeconds === 0) return 0;
  const since = new Date(ready.lastTransitionTime ?? now).getTime();
  return Math.max(0, since + minReadySeconds * 1000 - now.getTime());
};

export const controllerOf = (metadata: ObjectMeta): OwnerReference | undefined =>
  metadata.ownerReferences?.find(({ controller }) => controller);

export const isControlledBy = (metadata: ObjectMeta, owner: ObjectMeta): boolean =>
  controllerOf(metadata)?.uid === owner.uid;

export const controllerReference = ({ resource, metadata }: Subject): OwnerReference => ({
  apiVersion: resource.group === '' ? resource.version : `${resource.group}/${resource.version}`,
  kind: resource.kind,
  name: metadata.name,
  uid: metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});

interface Extra {
  labels?: Record<string, string>;
  finalizers?: string[];
}

/** A Pod of the owner's template. It has no name: the API server makes one from `generateName`. */
export const podFrom = (template: PodTemplate, owner: Subject, extra: Extra = {}): Pod => {
  const metadata: Omit<ObjectMeta, 'name'> = {
    generateName: `${owner.metadata.name}-`,
    namespace: owner.metadata.namespace,
    labels: { ...template.metadata?.labels, ...extra.labels },
    ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
    ...(extra.finalizers && { finalizers: extra.finalizers }),
    ownerReferences: [controllerReference(owner)],
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata: metadata as ObjectMeta, spec: template.spec };
};

const PHASES: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };

const restarts = (pod: Pod): number =>
  Math.max(0, ...(pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount));

const readySince = (pod: Pod): number => Date.parse(readyCondition(pod)?.lastTransitionTime ?? '') || 0;

const created = (pod: Pod): number => Date.parse(pod.metadata.creationTimestamp ?? '') || 0;

/**
 * Which Pod goes first when there are too many, as Kubernetes ranks them: not assigned, not running, not ready,
 * shorter ready, more restarts, younger. (`pod-deletion-cost` is not looked at.)
 */
export const byDeletionRank = (one: Pod, other: Pod): number => {
  const rank = (pod: Pod): number[] => [
    pod.spec.nodeName ? 1 : 0,
    PHASES[pod.status?.phase ?? 'Pending'] ?? 0,
    isReady(pod) ? 1 : 0,
    -readySince(pod),
    -restarts(pod),
    -created(pod),
  ];
  const others = rank(other);
  return rank(one).reduce((order, value, index) => order || value - (others[index] ?? 0), 0);
};

/** The Pods to remove so that `wanted` of the active ones are left. */
export const surplus = (active: Pod[], wanted: number): Pod[] =>
  active.toSorted(byDeletionRank).slice(0, Math.max(0, active.length - wanted));
