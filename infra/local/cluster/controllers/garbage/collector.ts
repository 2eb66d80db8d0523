import type { KubernetesObject, OwnerReference } from '../../../../../shared/model/kubernetes.ts';
import type { Resource } from '../../../../../shared/model/resources.ts';
import type { Watch } from '../../api/types.ts';
import { createActor, type Surroundings } from '../actor.ts';
import { createQueue } from '../queue.ts';
import { createDependents, dependentKey } from './dependents.ts';
import { DEPENDENTS, ownerResource } from './kinds.ts';
import { type Found, isGarbage } from './verdict.ts';

type Change = 'ADDED' | 'MODIFIED' | 'DELETED';

const parseKey = (key: string): { resource: Resource | undefined; namespace: string; name: string } => {
  const [type = '', namespace = '', name = ''] = key.split('/');
  return { resource: DEPENDENTS.find(({ plural, group }) => type === `${plural}.${group}`), namespace, name };
};

/**
 * Background deletion: an object whose owners are all gone is deleted. Watches the kinds that can depend, and each kind
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
    } else if (dependents.see(resource, object)) queue.add(dependentKey(resource, object));
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
    if (watches.has(resource)) return { uid: object.metadata.uid };
    // It may have gone before its watch began: look once more.
    watch(resource);
    return find(owner, namespace);
  };

  const work = async (key: string): Promise<undefined> => {
    const { resource, namespace, name } = parseKey(key);
    const object = resource && (await client.get(resource, { namespace, name }));
    if (!object) return;
    const owners = object.metadata.ownerReferences ?? [];
    const found = await Promise.all(owners.map((owner) => find(owner, namespace)));
    if (!isGarbage(object.metadata, found)) return;
    await perform([{ kind: 'remove', subject: { resource, metadata: object.metadata } }]);
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
