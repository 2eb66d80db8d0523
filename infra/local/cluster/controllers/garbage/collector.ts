import type { KubernetesObject, OwnerReference } from '../../../../../shared/model/kubernetes.ts';
import type { Resource } from '../../../../../shared/model/resources.ts';
import type { Watch } from '../../api/types.ts';
import { createActor, type Surroundings } from '../actor.ts';
import { createQueue } from '../queue.ts';
import { type Dependent, departure, disown, isDeparting, waits } from './departure.ts';
import { createDependents, dependentKey } from './dependents.ts';
import { DEPENDENTS, ownerResource } from './kinds.ts';
import { type Found, isGarbage, keepers } from './verdict.ts';

type Change = 'ADDED' | 'MODIFIED' | 'DELETED';

const parseKey = (key: string): { resource: Resource | undefined; namespace: string; name: string } => {
  const [type = '', namespace = '', name = ''] = key.split('/');
  return { resource: DEPENDENTS.find(({ plural, group }) => type === `${plural}.${group}`), namespace, name };
};

/**
 * An object whose owners are all gone is deleted; one that is deleted in the foreground goes after its dependents; one
 * that is deleted without them lets them go first. Watches the kinds that can depend, and each kind
 * of owner from the first time that it is met (a custom resource may come later than the collector).
 */
export const startCollector = (surroundings: Surroundings): { stop(): Promise<void> } => {
  const { client } = surroundings;
  const perform = createActor(surroundings, 'garbage-collector');
  const dependents = createDependents();
  const watches = new Map<Resource, Watch>();

  const changed = (resource: Resource, change: Change, object: KubernetesObject): void => {
    if (change === 'DELETED') {
      dependents.forget(resource, object);
      for (const key of dependents.of(object.metadata.uid ?? '')) queue.add(key);
      addOwners(object);
    } else if (dependents.see(resource, object) || isDeparting(object))
      queue.add(dependentKey(resource, object));
  };

  /** They may wait for this one. */
  const addOwners = ({ metadata }: KubernetesObject): void => {
    for (const owner of metadata.ownerReferences ?? []) {
      const resource = DEPENDENTS.find((known) => known === ownerResource(owner));
      if (resource)
        queue.add(`${resource.plural}.${resource.group}/${metadata.namespace ?? ''}/${owner.name}`);
    }
  };

  const load = async (key: string): Promise<Dependent | undefined> => {
    const { resource, namespace, name } = parseKey(key);
    const object = resource && (await client.get(resource, { namespace, name }));
    return object && { resource, object };
  };

  const dependentsOf = async (uid: string): Promise<Dependent[]> =>
    (await Promise.all(dependents.of(uid).map(load))).filter((dependent) => dependent !== undefined);

  /** Ends or goes on with a deletion in the foreground or without dependents. */
  const depart = async (owner: Dependent): Promise<void> => {
    const { uid = '' } = owner.object.metadata;
    if (waits(owner.object)) for (const key of dependents.of(uid)) queue.add(key);
    await perform(departure(owner, await dependentsOf(uid)));
  };

  const watch = (resource: Resource): void => {
    if (watches.has(resource)) return;
    watches.set(
      resource,
      client.follow(resource, {}, (change, object) => changed(resource, change, object)),
    );
  };

  const find = async (owner: OwnerReference, namespace: string): Promise<Found> => {
    const resource = ownerResource(owner);
    if (!resource) return 'unknown';
    const key = { name: owner.name, ...(resource.namespaced && { namespace }) };
    const object = await client.get(resource, key);
    if (!object) return 'absent';
    if (watches.has(resource)) return { uid: object.metadata.uid, waits: waits(object) };
    // It may have gone before its watch began: look once more.
    watch(resource);
    return find(owner, namespace);
  };

  const judge = async (dependent: Dependent): Promise<void> => {
    const { resource, object } = dependent;
    const { metadata } = object;
    const owners = metadata.ownerReferences ?? [];
    const found = await Promise.all(owners.map((owner) => find(owner, metadata.namespace ?? '')));
    const kept = keepers(metadata, found);
    if (isGarbage(metadata, found)) {
      const isAwaited = found.some((owner) => typeof owner === 'object' && owner.waits);
      const inForeground = isAwaited && dependents.of(metadata.uid ?? '').length > 0;
      const policy = inForeground ? 'Foreground' : 'Background';
      await perform([{ kind: 'remove', subject: { resource, metadata }, policy }]);
    } else if (kept.length > 0 && kept.length < owners.length && metadata.deletionTimestamp === undefined)
      await perform([disown(dependent, (uid) => kept.some((owner) => owner.uid === uid))]);
  };

  const work = async (key: string): Promise<undefined> => {
    const one = await load(key);
    if (!one) return;
    if (isDeparting(one.object)) await depart(one);
    else await judge(one);
  };

  const queue = createQueue({ ...surroundings, work });
  for (const resource of DEPENDENTS) watch(resource);
  return {
    async stop() {
      for (const { stop } of watches.values()) stop();
      await queue.stop();
    },
  };
};
