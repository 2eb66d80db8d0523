/** One picture of the cluster that follows it, and who wants to know of changes. */
import { systemClock } from '../../shared/io/clock.ts';
import type { ClusterAccess } from '../../shared/io/cluster/access.ts';
import { createCluster } from '../../shared/io/cluster/client.ts';
import type { Log } from '../../shared/io/ports.ts';
import type { KubernetesObject, Pod } from '../../shared/model/kubernetes.ts';
import { PODS, type Resource, SIDECARSETS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import { connect } from '../../test/cluster/node/connection.ts';
import { startReflector } from '../../test/cluster/node/reflector.ts';

/** `before` is absent for a new object, `after` for one that is gone. */
type OnChange<T> = (before: T | undefined, after: T | undefined) => void;

export interface WatchOptions {
  access: ClusterAccess;
  log: Log;
  onPod: OnChange<Pod>;
  onSet: OnChange<SidecarSet>;
  onFault: (fault: unknown) => void;
}

export const startWatches = (options: WatchOptions): { stop(): void } => {
  const { access, log, onPod, onSet, onFault } = options;
  const connection = connect({
    url: access.endpoint,
    ca: access.ca,
    credentials: { token: access.token },
  });
  const cluster = createCluster(connection.send, () => Promise.reject(new Error('a watch does not exec')));

  const follow = <T extends KubernetesObject>(resource: Resource, onChange: OnChange<T>) => {
    const known = new Map<string, T>();
    return startReflector<T>({
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
  };

  const watches = [follow<Pod>(PODS, onPod), follow<SidecarSet>(SIDECARSETS, onSet)];
  return {
    stop() {
      for (const watch of watches) watch.stop();
      connection.close();
    },
  };
};
