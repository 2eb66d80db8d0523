/** Everything a run decides on, read consistently. */
import { selectorQuery } from '../../shared/core/labels/selector.ts';
import { historyOf } from '../../shared/core/revision/history.ts';
import { matchedPods } from '../../shared/core/rollout/matched.ts';
import { onlyNamespace } from '../../shared/core/rollout/namespaces.ts';
import type { Cluster } from '../../shared/io/ports.ts';
import type { ControllerRevision, Pod } from '../../shared/model/kubernetes.ts';
import { LABEL_SIDECARSET_NAME, SYSTEM_NAMESPACE } from '../../shared/model/names.ts';
import { CONTROLLER_REVISIONS, NAMESPACES, PODS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';

export interface Picture {
  /** The matched Pods. */
  pods: Pod[];
  /** resourceVersion of the list that they are from. */
  listed: string;
  /** The SidecarSet's revisions, oldest first. */
  history: ControllerRevision[];
}

const listPods = async (cluster: Cluster, { spec }: SidecarSet) => {
  const { selector, namespaceSelector } = spec;
  const labelSelector = selectorQuery(selector ?? {});
  if (!namespaceSelector) return cluster.list<Pod>(PODS, { labelSelector });
  const namespace = onlyNamespace(namespaceSelector);
  if (namespace !== undefined) return cluster.list<Pod>(PODS, { namespace, labelSelector });

  const namespaces = await cluster.listMetadata(NAMESPACES, {
    labelSelector: selectorQuery(namespaceSelector),
  });
  const names = new Set(namespaces.items.map(({ metadata }) => metadata.name));
  const { items, resourceVersion } = await cluster.list<Pod>(PODS, { labelSelector });
  return { items: items.filter(({ metadata }) => names.has(metadata.namespace ?? '')), resourceVersion };
};

export const takePicture = async (cluster: Cluster, set: SidecarSet): Promise<Picture> => {
  const [pods, revisions] = await Promise.all([
    listPods(cluster, set),
    cluster.list<ControllerRevision>(CONTROLLER_REVISIONS, {
      namespace: SYSTEM_NAMESPACE,
      labelSelector: `${LABEL_SIDECARSET_NAME}=${set.metadata.name}`,
    }),
  ]);
  return {
    pods: matchedPods(set, pods.items),
    listed: pods.resourceVersion,
    history: historyOf(set, revisions.items),
  };
};
