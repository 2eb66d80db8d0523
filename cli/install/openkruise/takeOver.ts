/** Puts our definition of SidecarSets in the place of another one; the SidecarSets stay. */
import { objectPath, refusal } from '../../../shared/io/cluster/client.ts';
import type { TransportRequest } from '../../../shared/io/cluster/transport.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../../shared/model/resources.ts';
import type { UserCluster } from '../../cluster.ts';
import type { Manifest } from '../../manifests.ts';
import { FIELD_MANAGER } from '../apply.ts';

interface ManagedField {
  manager?: string;
  operation?: string;
  subresource?: string;
}

const send = async (cluster: UserCluster, request: TransportRequest): Promise<KubernetesObject> => {
  const response = await cluster.send(request);
  if (response.status >= 400) throw refusal(request, response);
  return response.body as KubernetesObject;
};

/** A whole update: server-side apply alone would leave what is theirs, such as the `service` of their conversion. */
export const replaceDefinition = async (cluster: UserCluster, manifest: Manifest): Promise<void> => {
  const key = { name: manifest.metadata.name };
  const found = await cluster.get(CUSTOM_RESOURCE_DEFINITIONS, key);
  const { resourceVersion } = found?.metadata ?? {};
  await send(cluster, {
    method: 'PUT',
    path: objectPath(CUSTOM_RESOURCE_DEFINITIONS, key),
    query: { fieldManager: FIELD_MANAGER },
    body: { ...manifest, metadata: { ...manifest.metadata, resourceVersion } },
  });
};

/** After it was applied: nobody but our apply decides on its fields, so that what a later version drops goes away. */
export const ownDefinition = async (cluster: UserCluster, applied: KubernetesObject): Promise<void> => {
  const { name, resourceVersion, managedFields } = applied.metadata as KubernetesObject['metadata'] & {
    managedFields?: ManagedField[];
  };
  if (managedFields === undefined) return;
  const kept = managedFields.filter(
    ({ manager, operation, subresource }) =>
      (manager === FIELD_MANAGER && operation === 'Apply') || subresource === 'status',
  );
  await send(cluster, {
    method: 'PATCH',
    path: objectPath(CUSTOM_RESOURCE_DEFINITIONS, { name }),
    headers: { 'content-type': 'application/json-patch+json' },
    body: [
      { op: 'replace', path: '/metadata/managedFields', value: kept },
      { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    ],
  });
};
