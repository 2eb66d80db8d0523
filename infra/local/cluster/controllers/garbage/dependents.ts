import type { KubernetesObject } from '../../../../../shared/model/kubernetes.ts';
import type { Resource } from '../../../../../shared/model/resources.ts';

/** Who depends on whom, by the owner's uid. Knows names only; whether an owner lives is asked for when it matters. */
export interface Dependents {
  /** Whether this told anything new. */
  see(resource: Resource, object: KubernetesObject): boolean;
  forget(resource: Resource, object: KubernetesObject): void;
  /** Keys of the objects that name this uid as an owner. */
  of(uid: string): string[];
}

/** `plural.group/namespace/name` */
export const dependentKey = ({ plural, group }: Resource, { metadata }: KubernetesObject): string =>
  `${plural}.${group}/${metadata.namespace ?? ''}/${metadata.name}`;

export const createDependents = (): Dependents => {
  const byOwner = new Map<string, Set<string>>();
  const ownersOf = ({ metadata }: KubernetesObject): string[] =>
    metadata.ownerReferences?.map(({ uid }) => uid) ?? [];
  return {
    see(resource, object) {
      const key = dependentKey(resource, object);
      const fresh = ownersOf(object).filter((uid) => !byOwner.get(uid)?.has(key));
      for (const uid of fresh) byOwner.set(uid, (byOwner.get(uid) ?? new Set()).add(key));
      return fresh.length > 0;
    },
    forget(resource, object) {
      for (const uid of ownersOf(object)) {
        const keys = byOwner.get(uid);
        keys?.delete(dependentKey(resource, object));
        if (keys?.size === 0) byOwner.delete(uid);
      }
    },
    of: (uid) => [...(byOwner.get(uid) ?? [])],
  };
};
