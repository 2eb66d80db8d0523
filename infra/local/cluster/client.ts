/** The cluster as the embedded controllers and the node use it: the functions' own client, without HTTP. */
import { collectionPath, createCluster } from '../../../shared/io/cluster/client.ts';
import type { Cluster, ListOptions } from '../../../shared/io/ports.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import type { Resource } from '../../../shared/model/resources.ts';
import type { ApiServer, Watch, WatchEvent } from './api/types.ts';

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
}

export const createLocalClient = (
  api: ApiServer,
  user: { username: string; groups: string[] },
): LocalClient => {
  const cluster = createCluster(
    (request) => api.handle({ ...request, user }),
    () => Promise.reject(new Error('exec is for clients outside the cluster')),
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
  };
};
