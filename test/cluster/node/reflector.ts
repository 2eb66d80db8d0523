/** Follows a collection over list and watch, as client-go's reflector does: resume, relist after 410, reconnect. */

import { pause } from '../../../infra/local/cluster/node/pause.ts';
import { collectionPath } from '../../../shared/io/cluster/client.ts';
import {
  type Clock,
  type Cluster,
  ClusterError,
  type ListOptions,
  type Log,
} from '../../../shared/io/ports.ts';
import type { KubernetesObject, Status } from '../../../shared/model/kubernetes.ts';
import type { Resource } from '../../../shared/model/resources.ts';
import type { Connection } from './connection.ts';

export type OnChange<T> = (type: 'ADDED' | 'MODIFIED' | 'DELETED', object: T) => void;

export interface ReflectorOptions<T> {
  cluster: Pick<Cluster, 'list'>;
  connection: Pick<Connection, 'lines'>;
  clock: Clock;
  log: Log;
  resource: Resource;
  options: ListOptions;
  onChange: OnChange<T>;
}

type WatchEvent<T> =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; object: T }
  | { type: 'ERROR'; object: Status };

const RETRY_MILLISECONDS = 250;

const keyOf = ({ metadata }: KubernetesObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

const isExpired = (fault: unknown): boolean => fault instanceof ClusterError && fault.code === 410;

/** Every object there is (ADDED), then every change, in order, until it is stopped. What was missed is made up for. */
export const startReflector = <T extends KubernetesObject>(wish: ReflectorOptions<T>): { stop(): void } => {
  const { cluster, connection, clock, log, resource, options, onChange } = wish;
  const stopped = new AbortController();
  const known = new Map<string, T>();
  let version: string | undefined;

  const take = (object: T): void => {
    const before = known.get(keyOf(object));
    known.set(keyOf(object), object);
    const isSame = before?.metadata.uid === object.metadata.uid;
    if (before && !isSame) onChange('DELETED', before);
    if (!isSame) onChange('ADDED', object);
    else if (before?.metadata.resourceVersion !== object.metadata.resourceVersion)
      onChange('MODIFIED', object);
  };
  const lose = (object: T): void => {
    if (known.delete(keyOf(object))) onChange('DELETED', object);
  };
  const list = async (): Promise<string> => {
    const { items, resourceVersion } = await cluster.list<T>(resource, options);
    const present = new Set(items.map(keyOf));
    for (const object of [...known.values()]) if (!present.has(keyOf(object))) lose(object);
    for (const object of items) take(object);
    return resourceVersion;
  };
  const see = (line: string): void => {
    const event = JSON.parse(line) as WatchEvent<T>;
    if (event.type === 'ERROR') {
      const { code, reason = '', message = '' } = event.object;
      throw new ClusterError(code, reason, message);
    }
    version = event.object.metadata.resourceVersion ?? version;
    if (event.type === 'DELETED') lose(event.object);
    else if (event.type !== 'BOOKMARK') take(event.object);
  };
  const round = async (): Promise<void> => {
    version ??= await list();
    if (stopped.signal.aborted) return;
    const query = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: version,
      ...(options.labelSelector && { labelSelector: options.labelSelector }),
      ...(options.fieldSelector && { fieldSelector: options.fieldSelector }),
    };
    const path = collectionPath(resource, options.namespace);
    await connection.lines({ method: 'GET', path, query }, stopped.signal, see);
  };
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        await round();
      } catch (fault) {
        if (isExpired(fault)) version = undefined;
        else log.warn('watch broke off', { resource: resource.plural, fault: String(fault) });
        await pause(clock, RETRY_MILLISECONDS, stopped.signal);
      }
    }
  };
  void run();
  return { stop: () => stopped.abort() };
};
