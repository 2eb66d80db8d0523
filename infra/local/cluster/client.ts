/** The cluster as the embedded controllers and the node use it: the functions' own client, without HTTP. */
import { collectionPath, createCluster, objectPath } from '../../../shared/io/cluster/client.ts';
import { type Cluster, ClusterError, type ListOptions } from '../../../shared/io/ports.ts';
import type { KubernetesObject, ObjectMeta, Status } from '../../../shared/model/kubernetes.ts';
import { PODS, type Resource } from '../../../shared/model/resources.ts';
import type { ApiRequest, ApiServer, Watch, WatchEvent } from './api/types.ts';

export interface LocalClient extends Cluster {
  /**
   * Calls `onChange` for every object there is (ADDED), then for every change, in order.
   * Without a resourceVersion in the watch the server sends what exists first.
   */
  follow<T extends KubernetesObject>(
    resource: Resource,
    options: ListOptions,
    onChange: (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T) => void,
  ): Watch;
  /** Assigns a Pod to a node (POST of `pods/NAME/binding`); a conflict if it has one. */
  bind(pod: ObjectMeta, node: string): Promise<void>;
  /**
   * Deletes the object only if it still has this uid, else rejects with a conflict. No error on 404. `policy` is what
   * becomes of its dependents, by default Background.
   */
  removeExactly(
    resource: Resource,
    metadata: ObjectMeta,
    policy?: 'Background' | 'Foreground' | 'Orphan',
  ): Promise<void>;
  /** As `removeExactly`, at once: what a kubelet does when the containers of a deleted Pod have ended. */
  removeNow(resource: Resource, metadata: ObjectMeta): Promise<void>;
}

/** `name` owns what the client writes, as the User-Agent of a program does. */
export const createLocalClient = (
  api: ApiServer,
  user: { username: string; groups: string[] },
  name = 'unknown',
): LocalClient => {
  const handle = (request: Omit<ApiRequest, 'user'>) =>
    api.handle({ ...request, headers: { ...request.headers, 'user-agent': name }, user });
  const send = async (request: Omit<ApiRequest, 'user'>): Promise<void> => {
    const { status, body } = await handle(request);
    if (status < 400 || (status === 404 && request.method === 'DELETE')) return;
    const { reason, message } = body as Status;
    throw new ClusterError(status, reason ?? '', `${request.method} ${request.path}: ${message}`);
  };
  const remove = (resource: Resource, metadata: ObjectMeta, options: object): Promise<void> => {
    const preconditions = { uid: metadata.uid };
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions, ...options };
    return send({ method: 'DELETE', path: objectPath(resource, metadata), body });
  };
  const cluster = createCluster(handle, () =>
    Promise.reject(new Error('exec is for clients outside the cluster')),
  );
  return {
    ...cluster,
    follow(resource, options, onChange) {
      const query: Record<string, string> = { watch: 'true' };
      if (options.labelSelector) query['labelSelector'] = options.labelSelector;
      if (options.fieldSelector) query['fieldSelector'] = options.fieldSelector;
      const path = collectionPath(resource, options.namespace);
      const watch = api.watch({ method: 'GET', path, query, user }, (event: WatchEvent) => {
        if (event.type === 'BOOKMARK' || event.type === 'ERROR') return;
        onChange(event.type, event.object as unknown as Parameters<typeof onChange>[1]);
      });
      if ('stop' in watch) return watch;
      throw new Error(`watch ${path}: ${JSON.stringify(watch.body)}`);
    },
    bind: ({ name, namespace, uid }, node) =>
      send({
        method: 'POST',
        path: objectPath(PODS, { name, namespace }, 'binding'),
        body: {
          apiVersion: 'v1',
          kind: 'Binding',
          metadata: { name, namespace, uid },
          target: { apiVersion: 'v1', kind: 'Node', name: node },
        },
      }),
    removeExactly: (resource, metadata, policy) =>
      remove(resource, metadata, { propagationPolicy: policy ?? 'Background' }),
    removeNow: (resource, metadata) => remove(resource, metadata, { gracePeriodSeconds: 0 }),
  };
};
