/** Everything a run decides on, read consistently. */
import { selectorQuery } from '../../shared/core/labels/selector.ts';
import { historyOf } from '../../shared/core/revision/history.ts';
import { matchedPods } from '../../shared/core/rollout/matched.ts';
import { onlyNamespace } from '../../shared/core/rollout/namespaces.ts';
import { slimPod } from '../../shared/core/rollout/slim.ts';
import { listRevisions } from '../../shared/io/cluster/revisions.ts';
import type { List } from '../../shared/io/ports.ts';
import type { ControllerRevision, Pod } from '../../shared/model/kubernetes.ts';
import { NAMESPACES, PODS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import type { Dependencies } from './dependencies.ts';

export interface Picture {
  /** The matched Pods, slim. */
  pods: Pod[];
  /** resourceVersion of the list that they are from, and when it was asked for. */
  listed: string;
  at: Date;
  /** The SidecarSet's revisions, oldest first. */
  history: ControllerRevision[];
}

const listPods = async ({ cluster }: Dependencies, { spec }: SidecarSet): Promise<List<Pod>> => {
  const { selector, namespaceSelector } = spec;
  const labelSelector = selectorQuery(selector ?? {});
  if (!namespaceSelector) return cluster.list<Pod>(PODS, { labelSelector }, slimPod);
  const namespace = onlyNamespace(namespaceSelector);
  if (namespace !== undefined) return cluster.list<Pod>(PODS, { namespace, labelSelector }, slimPod);

  const namespaces = await cluster.listMetadata(NAMESPACES, {
    labelSelector: selectorQuery(namespaceSelector),
  });
  const names = new Set(namespaces.items.map(({ metadata }) => metadata.name));
  const { items, resourceVersion } = await cluster.list<Pod>(PODS, { labelSelector }, slimPod);
  return { items: items.filter(({ metadata }) => names.has(metadata.namespace ?? '')), resourceVersion };
};

export const takePicture = async (dependencies: Dependencies, set: SidecarSet): Promise<Picture> => {
  const at = dependencies.clock.now();
  const [pods, revisions] = await Promise.all([
    listPods(dependencies, set),
    listRevisions(dependencies.cluster, set),
  ]);
  return {
    pods: matchedPods(set, pods.items),
    listed: pods.resourceVersion,
    at,
    history: historyOf(set, revisions),
  };
};
