/** Server-side apply (KEP-555), and what to do on an API server without it. */
import { objectPath, refusal } from '../../shared/io/cluster/client.ts';
import { isNotFound, type ObjectKey } from '../../shared/io/ports.ts';
import type { KubernetesObject } from '../../shared/model/kubernetes.ts';
import type { Resource } from '../../shared/model/resources.ts';
import type { UserCluster } from '../cluster.ts';
import { notServed } from '../discovery.ts';
import type { Manifest } from '../manifests.ts';
import { objectText } from './text/objectText.ts';

export const FIELD_MANAGER = 'sidecarset';

export interface Applied {
  action: 'created' | 'configured' | 'unchanged';
  resource: Resource;
  key: ObjectKey;
  before: KubernetesObject | undefined;
  after: KubernetesObject;
}

export interface Applier {
  /** With `dryRun` the API server answers as if, and stores nothing. Rejects if the kind is not served. */
  apply(manifest: Manifest, options?: { dryRun?: boolean }): Promise<Applied>;
}

/** What an API server answers that does not know the content type. */
const WITHOUT = [415, 501];

type Query = Record<string, string>;

/** Who manages a field may change without anything else doing so: that is no change to speak of. */
const actionOf = (before: KubernetesObject | undefined, after: KubernetesObject): Applied['action'] => {
  if (before === undefined) return 'created';
  return objectText(before) === objectText(after) ? 'unchanged' : 'configured';
};

/** Where a manifest belongs; a namespaced one without a namespace belongs to `default`, as with kubectl. */
const locate = async (cluster: UserCluster, given: Manifest) => {
  const resource = await cluster.find(given);
  if (!resource) throw notServed(given);
  const { name } = given.metadata;
  if (!resource.namespaced) return { manifest: given, resource, key: { name } };
  const key = { name, namespace: given.metadata.namespace ?? 'default' };
  return { manifest: { ...given, metadata: { ...given.metadata, ...key } }, resource, key };
};

export const createApplier = (cluster: UserCluster): Applier => {
  let serverSide = true;

  const patch = async (path: string, type: string, manifest: Manifest, query: Query) => {
    const request = {
      method: 'PATCH' as const,
      path,
      query: { fieldManager: FIELD_MANAGER, ...query },
      headers: { 'content-type': type },
      body: manifest,
    };
    return { request, response: await cluster.send(request) };
  };

  /** `undefined`: the API server has no server-side apply. */
  const applyThere = async (path: string, manifest: Manifest, query: Query) => {
    const forced = { ...query, force: 'true' };
    const { request, response } = await patch(path, 'application/apply-patch+yaml', manifest, forced);
    if (WITHOUT.includes(response.status)) return undefined;
    if (response.status >= 400) throw refusal(request, response);
    return response.body as KubernetesObject;
  };

  /** A merge, as good as it gets: fields that the manifest no longer has stay. */
  const merge = async (path: string, manifest: Manifest, query: Query, exists: boolean) => {
    const collection = path.slice(0, path.lastIndexOf('/'));
    const create = { method: 'POST' as const, path: collection, query, body: manifest };
    const { request, response } = exists
      ? await patch(path, 'application/merge-patch+json', manifest, query)
      : { request: create, response: await cluster.send(create) };
    if (response.status >= 400) throw refusal(request, response);
    return response.body as KubernetesObject;
  };

  const write = async (path: string, manifest: Manifest, query: Query, exists: boolean) => {
    const applied = serverSide ? await applyThere(path, manifest, query) : undefined;
    serverSide = applied !== undefined;
    return applied ?? (await merge(path, manifest, query, exists));
  };

  return {
    async apply(given, { dryRun = false } = {}) {
      const { manifest, resource, key } = await locate(cluster, given);
      const before = await cluster.get(resource, key);
      const query: Query = dryRun ? { dryRun: 'All' } : {};
      try {
        const after = await write(objectPath(resource, key), manifest, query, before !== undefined);
        return { action: actionOf(before, after), resource, key, before, after };
      } catch (fault) {
        // On a dry run its namespace may be one that would be there by now.
        const isEarly = dryRun && before === undefined && isNotFound(fault);
        if (!isEarly) throw fault;
        return { action: 'created', resource, key, before, after: manifest };
      }
    },
  };
};
