/** One picture of the cluster that follows it, and who wants to know of changes. */
import { systemClock } from '../../shared/io/clock.ts';
import type { ClusterAccess } from '../../shared/io/cluster/access.ts';
import { createCluster } from '../../shared/io/cluster/client.ts';
import type { Log } from '../../shared/io/ports.ts';
import type { KubernetesObject } from '../../shared/model/kubernetes.ts';
import type { Resource } from '../../shared/model/resources.ts';
import { connect } from '../../test/cluster/node/connection.ts';
import { startReflector } from '../../test/cluster/node/reflector.ts';

/** `before` is absent for a new object, `after` for one that is gone. */
type OnChange<T> = (before: T | undefined, after: T | undefined) => void;

export interface WatchOptions {
  access: ClusterAccess;
  log: Log;
  onFault: (fault: unknown) => void;
}

export interface Watches {
  /** Tells of every object that there is, and of every change. */
  follow<T extends KubernetesObject>(resource: Resource, onChange: OnChange<T>): void;
  stop(): void;
}

export const startWatches = ({ access, log, onFault }: WatchOptions): Watches => {
  const connection = connect({
    url: access.endpoint,
    ca: access.ca,
    credentials: { token: access.token },
  });
  const cluster = createCluster(connection.send, () => Promise.reject(new Error('a watch does not exec')));
  const watches: { stop(): void }[] = [];

  return {
    follow<T extends KubernetesObject>(resource: Resource, onChange: OnChange<T>) {
      const known = new Map<string, T>();
      const watch = startReflector<T>({
        cluster,
        connection,
        clock: systemClock,
        log,
        resource,
        options: {},
        onChange(type, object) {
          const { namespace, name } = object.metadata;
          const key = `${namespace}/${name}`;
          const before = known.get(key);
          if (type === 'DELETED') known.delete(key);
          else known.set(key, object);
          try {
            onChange(before, type === 'DELETED' ? undefined : object);
          } catch (fault) {
            // The reflector would take it for a broken connection.
            onFault(fault);
          }
        },
      });
      watches.push(watch);
    },
    stop() {
      for (const watch of watches) watch.stop();
      connection.close();
    },
  };
};
