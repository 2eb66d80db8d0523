/** A cluster as its user reaches it: by a kubeconfig, over HTTPS, whichever way the kubeconfig authenticates. */
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { KubeConfig, Watch } from '@kubernetes/client-node';
import { collectionPath, createCluster } from '../shared/io/cluster/client.ts';
import type { Transport, TransportResponse } from '../shared/io/cluster/transport.ts';
import { type Cluster, ClusterError, isAlreadyExists, type ListOptions } from '../shared/io/ports.ts';
import type { KubernetesObject } from '../shared/model/kubernetes.ts';
import type { Resource } from '../shared/model/resources.ts';
import { UserFacingError } from './failure.ts';
import type { Manifest } from './manifests.ts';
import type { Table } from './table.ts';

export interface UserCluster extends Cluster {
  /** Creates the object, or merges the manifest into the one that exists. */
  apply(manifest: Manifest): Promise<'created' | 'configured'>;
  /** The rows that `kubectl get` prints. */
  table(resource: Resource, options?: ListOptions): Promise<Table>;
  /** Every object there is, then every change, until the returned function is called. */
  follow<T extends KubernetesObject>(
    resource: Resource,
    onChange: (type: string, object: T) => void,
  ): Promise<() => void>;
}

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io';

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

const transportOf = async (config: KubeConfig, server: string): Promise<Transport> => {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return ({ method, path, query = {}, headers = {}, body }) =>
    new Promise<TransportResponse>((resolve, reject) => {
      const url = new URL(path, server);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      const all = { ...options.headers, 'content-type': 'application/json', ...headers };
      const request = httpsRequest(url, { ...options, method, headers: all }, (response) => {
        const answer = (content: string) =>
          resolve({ status: response.statusCode ?? 0, body: parsed(content), headers: {} });
        text(response).then(answer, reject);
      });
      request.on('error', (cause) =>
        reject(new ClusterError(0, 'Unreachable', `${url.origin}: ${cause.message}`, { cause })),
      );
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
};

interface DiscoveredResource {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** Finds the path of a kind by the API server's discovery; answers are kept. */
const createDiscovery = (transport: Transport) => {
  const known = new Map<string, Promise<DiscoveredResource[]>>();
  const read = async (apiVersion: string): Promise<DiscoveredResource[]> => {
    const root = apiVersion.includes('/') ? '/apis' : '/api';
    const { status, body } = await transport({ method: 'GET', path: `${root}/${apiVersion}` });
    if (status !== 200) throw new UserFacingError(`the cluster does not serve ${apiVersion}`);
    return (body as { resources: DiscoveredResource[] }).resources;
  };
  return async ({ apiVersion, kind }: Manifest): Promise<Resource> => {
    const resources = known.get(apiVersion) ?? read(apiVersion);
    known.set(apiVersion, resources);
    resources.catch(() => known.delete(apiVersion));
    const found = (await resources).find(
      (resource) => resource.kind === kind && !resource.name.includes('/'),
    );
    if (!found) throw new UserFacingError(`the cluster does not serve ${kind} in ${apiVersion}`);
    const [version = '', group = ''] = apiVersion.split('/').reverse();
    return { group, version, plural: found.name, kind, namespaced: found.namespaced };
  };
};

/** A watch ends by itself now and then (time-outs); it goes on from the last version seen. */
const followWith =
  (config: KubeConfig): UserCluster['follow'] =>
  async (resource, onChange) => {
    let stopped = false;
    let version: string | undefined;
    let current: AbortController | undefined;
    const start = async (): Promise<void> => {
      const query = { resourceVersion: version, allowWatchBookmarks: true };
      current = await new Watch(config).watch(
        collectionPath(resource),
        query,
        (type: string, object) => {
          version = object.metadata?.resourceVersion ?? version;
          if (['ADDED', 'MODIFIED', 'DELETED'].includes(type)) onChange(type, object);
        },
        () => {
          if (!stopped) void start();
        },
      );
    };
    await start();
    return () => {
      stopped = true;
      current?.abort();
    };
  };

/** Opens the current context of a kubeconfig file. */
export const openCluster = async (kubeconfig: string): Promise<UserCluster> => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const server = config.getCurrentCluster()?.server;
  if (!server) throw new UserFacingError(`${kubeconfig}: no current cluster`);
  const transport = await transportOf(config, server);
  const cluster = createCluster(transport, () => Promise.reject(new Error('the CLI does not exec')));
  const discover = createDiscovery(transport);
  return {
    ...cluster,
    follow: followWith(config),
    async apply(manifest) {
      const resource = await discover(manifest);
      const namespace = resource.namespaced ? (manifest.metadata.namespace ?? 'default') : undefined;
      const object = { ...manifest, metadata: { ...manifest.metadata, namespace } };
      try {
        await cluster.create(resource, object);
        return 'created';
      } catch (fault) {
        if (!isAlreadyExists(fault)) throw fault;
        await cluster.patch(resource, object.metadata, object, { type: 'merge' });
        return 'configured';
      }
    },
    async table(resource, options = {}) {
      const path = collectionPath(resource, options.namespace);
      const { body } = await transport({ method: 'GET', path, headers: { accept: TABLE } });
      return body as Table;
    },
  };
};
