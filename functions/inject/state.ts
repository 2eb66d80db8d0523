import type { Cluster } from '../../shared/io/ports.ts';
import type { Namespace } from '../../shared/model/kubernetes.ts';
import { NAMESPACES, SIDECARSETS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';

/** What of the cluster decides about a Pod. */
export interface State {
  sets: SidecarSet[];
  /** Labels of the Pod's Namespace; `undefined` if there is no such object. */
  namespaceLabels: Record<string, string> | undefined;
}

/** Reads the state for a Pod of a namespace: on every call for now, so that it is never stale. */
export type ReadState = (namespace: string) => Promise<State>;

export const readState =
  (cluster: Pick<Cluster, 'get' | 'list'>): ReadState =>
  async (name) => {
    const [{ items }, namespace] = await Promise.all([
      cluster.list<SidecarSet>(SIDECARSETS),
      cluster.get<Namespace>(NAMESPACES, { name }),
    ]);
    return { sets: items, namespaceLabels: namespace && (namespace.metadata.labels ?? {}) };
  };
