import { namesRevision } from '../../shared/core/injection/revisionChoice.ts';
import { selectSidecarSets } from '../../shared/core/injection/select.ts';
import type { Cluster } from '../../shared/io/ports.ts';
import type { ControllerRevision, Namespace, Pod } from '../../shared/model/kubernetes.ts';
import { LABEL_SIDECARSET_NAME, SYSTEM_NAMESPACE } from '../../shared/model/names.ts';
import { CONTROLLER_REVISIONS, NAMESPACES, SIDECARSETS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';

/** What of the cluster decides about a Pod. */
export interface State {
  sets: SidecarSet[];
  /** Labels of the Pod's Namespace; `undefined` if there is no such object. */
  namespaceLabels: Record<string, string> | undefined;
  /** Of the selecting sets that name a revision. */
  revisions: ControllerRevision[];
}

/** Reads the state for a Pod in a namespace: on every call for now, so that it is never stale. */
export type ReadState = (pod: Pod, namespace: string) => Promise<State>;

export const readState = (cluster: Pick<Cluster, 'get' | 'list'>): ReadState => {
  const revisionsOf = async ({ metadata }: SidecarSet): Promise<ControllerRevision[]> => {
    const labelSelector = `${LABEL_SIDECARSET_NAME}=${metadata.name}`;
    const options = { namespace: SYSTEM_NAMESPACE, labelSelector };
    return (await cluster.list<ControllerRevision>(CONTROLLER_REVISIONS, options)).items;
  };
  return async (pod, name) => {
    const [{ items }, namespace] = await Promise.all([
      cluster.list<SidecarSet>(SIDECARSETS),
      cluster.get<Namespace>(NAMESPACES, { name }),
    ]);
    const namespaceLabels = namespace && (namespace.metadata.labels ?? {});
    const naming = selectSidecarSets(pod, namespaceLabels, items).filter(namesRevision);
    const revisions = (await Promise.all(naming.map(revisionsOf))).flat();
    return { sets: items, namespaceLabels, revisions };
  };
};
