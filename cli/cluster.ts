/** A cluster as its user reaches it: by a kubeconfig, over HTTPS, whichever way the kubeconfig authenticates. */
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import { KubeConfig, Watch } from '@kubernetes/client-node';
import { collectionPath, createCluster } from '../shared/io/cluster/client.ts';
import type { Transport, TransportResponse } from '../shared/io/cluster/transport.ts';
import { type Cluster, ClusterError, isAlreadyExists, type ListOptions } from '../shared/io/ports.ts';
import type { KubernetesObject } from '../shared/model/kubernetes.ts';
import type { Resource } from '../shared/model/resources.ts';
import { createDiscovery, type Discovery, notServed } from './discovery.ts';
import { UserFacingError } from './failure.ts';
import type { Manifest } from './manifests.ts';
import type { Table } from './table.ts';

export interface UserCluster extends Cluster {
  /** `https://host:port` of the API server. */
  server: string;
  /** A request as it is, for what {@link Cluster} has no word for. */
  send: Transport;
  /** The resource that serves a manifest's kind, or `undefined` if none does. */
  find: Discovery;
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
      const url = new URL(server.replace(/\/$/, '') + path);
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

const loadConfig = (kubeconfig: string, context: string | undefined): KubeConfig => {
  const config = new KubeConfig();
  try {
    config.loadFromFile(kubeconfig);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserFacingError(`${kubeconfig}: can't be read as a kubeconfig: ${why}`, { cause });
  }
  if (context === undefined) return config;
  const known = config.getContexts().map(({ name }) => name);
  if (!known.includes(context)) {
    throw new UserFacingError(`${kubeconfig}: there is no context ${context}; there are ${known.join(', ')}`);
  }
  config.setCurrentContext(context);
  return config;
};

/** Opens a context of a kubeconfig file: the given one, or the file's current one. */
export const openCluster = async (kubeconfig: string, context?: string): Promise<UserCluster> => {
  const config = loadConfig(kubeconfig, context);
  const server = config.getCurrentCluster()?.server;
  if (!server) throw new UserFacingError(`${kubeconfig}: no current cluster`);
  const transport = await transportOf(config, server);
  const cluster = createCluster(transport, () => Promise.reject(new Error('the CLI does not exec')));
  const find = createDiscovery(transport);
  return {
    ...cluster,
    server,
    send: transport,
    find,
    follow: followWith(config),
    async apply(manifest) {
      const resource = await find(manifest);
      if (!resource) throw notServed(manifest);
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
