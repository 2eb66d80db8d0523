/** Objects that are deleted in the foreground, or without their dependents: what the finalizers of both stand for. */
import type { KubernetesObject } from '../../../../../shared/model/kubernetes.ts';
import type { Resource } from '../../../../../shared/model/resources.ts';
import type { Action } from '../plan.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

export interface Dependent {
  resource: Resource;
  object: KubernetesObject;
}

const carries = ({ metadata }: KubernetesObject, finalizer: string): boolean =>
  metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(finalizer);

/** Whether it goes once the dependents that block it are gone. */
export const waits = (object: KubernetesObject): boolean => carries(object, FOREGROUND);

export const isDeparting = (object: KubernetesObject): boolean => waits(object) || carries(object, ORPHAN);

/** Only for the state that was read. */
const patch = ({ resource, object }: Dependent, change: Record<string, unknown>): Action => {
  const { uid, resourceVersion } = object.metadata;
  const subject = { resource, metadata: object.metadata };
  return { kind: 'patch', subject, patch: { metadata: { uid, resourceVersion, ...change } } };
};

/** The object keeps only the owners for which `keeps` holds. */
export const disown = (dependent: Dependent, keeps: (uid: string) => boolean): Action => {
  const kept = (dependent.object.metadata.ownerReferences ?? []).filter(({ uid }) => keeps(uid));
  return patch(dependent, { ownerReferences: kept.length > 0 ? kept : null });
};

const release = (owner: Dependent, finalizer: string): Action => {
  const left = (owner.object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
  return patch(owner, { finalizers: left.length > 0 ? left : null });
};

const blocks = ({ object }: Dependent, owner: string): boolean =>
  (object.metadata.ownerReferences ?? []).some(
    ({ uid, blockOwnerDeletion }) => uid === owner && blockOwnerDeletion === true,
  );

/**
 * What to do for an owner on its way out: orphans are let go first, a foreground deletion ends when no dependent blocks
 * it any more.
 *
 * @param dependents those that exist and name it as an owner
 */
export const departure = (owner: Dependent, dependents: Dependent[]): Action[] => {
  const { uid = '' } = owner.object.metadata;
  if (carries(owner.object, ORPHAN))
    return [
      ...dependents.map((dependent) => disown(dependent, (other) => other !== uid)),
      release(owner, ORPHAN),
    ];
  return dependents.some((dependent) => blocks(dependent, uid)) ? [] : [release(owner, FOREGROUND)];
};
