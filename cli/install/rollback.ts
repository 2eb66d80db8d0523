/** Takes back what a failed installation registered, so that nothing in the cluster waits for an endpoint that is not there. */
import type { KubernetesObject } from '../../shared/model/kubernetes.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../shared/model/resources.ts';
import type { UserCluster } from '../cluster.ts';
import type { Manifest } from '../manifests.ts';
import type { Applied, Applier } from './apply.ts';
import { turnConversionOff } from './definition.ts';
import { replaceDefinition } from './openkruise/takeOver.ts';
import { isOurs } from './ours.ts';

/** What was decided of it before: whatever the server writes itself is left to it. */
const asManifest = (object: KubernetesObject, { resource }: Applied): Manifest => {
  const { status: _, ...rest } = object as KubernetesObject & { status?: unknown };
  const { name, namespace, labels, annotations } = object.metadata;
  const { group, version, kind } = resource;
  return {
    ...rest,
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    metadata: { name, namespace, labels, annotations },
  };
};

/** Webhooks and the definition's conversion go back to what they were; a new definition stays, without its webhook. */
export const rollBack = async (cluster: UserCluster, applier: Applier, done: Applied[]): Promise<void> => {
  for (const applied of done.toReversed()) {
    const { action, resource, key, before } = applied;
    if (action === 'unchanged') continue;
    const isDefinition = resource.kind === CUSTOM_RESOURCE_DEFINITIONS.kind;
    if (before && isDefinition && !isOurs(before))
      await replaceDefinition(cluster, asManifest(before, applied));
    else if (before) await applier.apply(asManifest(before, applied));
    else if (isDefinition) await turnConversionOff(cluster, key.name);
    else await cluster.remove(resource, key);
  }
};
