/** What the embedded node and scheduler are given to work with, for an API server in another process. */
import type { LocalClient } from '../../../infra/local/cluster/client.ts';
import { createCluster, objectPath } from '../../../shared/io/cluster/client.ts';
import type { TransportRequest } from '../../../shared/io/cluster/transport.ts';
import { type Clock, ClusterError, type Log } from '../../../shared/io/ports.ts';
import type { ObjectMeta, Status } from '../../../shared/model/kubernetes.ts';
import { PODS, type Resource } from '../../../shared/model/resources.ts';
import { type Access, connect } from './connection.ts';
import { startReflector } from './reflector.ts';

export interface RemoteClient extends LocalClient {
  /** POST of an object to a subresource (`serviceaccounts/NAME/token`); its answer. */
  post<T>(path: string, body: object): Promise<T>;
  /** Ends every watch and connection. */
  close(): void;
}

export const createRemoteClient = (access: Access, clock: Clock, log: Log): RemoteClient => {
  const connection = connect(access);
  const watches = new Set<{ stop(): void }>();
  const cluster = createCluster(connection.send, () => Promise.reject(new Error('a node does not exec')));

  const send = async <T>(request: TransportRequest): Promise<T> => {
    const { status, body } = await connection.send(request);
    if (status < 400 || (status === 404 && request.method === 'DELETE')) return body as T;
    const { reason = '', message = JSON.stringify(body) } = body as Status;
    throw new ClusterError(status, reason, `${request.method} ${request.path}: ${status} ${message}`);
  };
  const post = <T>(path: string, body: object) => send<T>({ method: 'POST', path, body });
  const remove = (resource: Resource, metadata: ObjectMeta, options: object): Promise<void> => {
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { uid: metadata.uid },
      ...options,
    };
    return send({ method: 'DELETE', path: objectPath(resource, metadata), body });
  };

  return {
    ...cluster,
    post,
    follow(resource, options, onChange) {
      const watch = startReflector({ cluster, connection, clock, log, resource, options, onChange });
      watches.add(watch);
      return watch;
    },
    bind: ({ name, namespace, uid }, node) =>
      post(objectPath(PODS, { name, namespace }, 'binding'), {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace, uid },
        target: { apiVersion: 'v1', kind: 'Node', name: node },
      }),
    removeExactly: (resource, metadata) => remove(resource, metadata, {}),
    removeNow: (resource, metadata) => remove(resource, metadata, { gracePeriodSeconds: 0 }),
    close() {
      for (const watch of watches) watch.stop();
      connection.close();
    },
  };
};
