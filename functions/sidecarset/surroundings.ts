import { namesRevision } from '../../shared/core/revision/restore.ts';
import type { Policies } from '../../shared/core/validation/namespaces/warnings.ts';
import { readableSets } from '../../shared/core/validation/read.ts';
import type { Surroundings } from '../../shared/core/validation/validate.ts';
import { listRevisions } from '../../shared/io/cluster/revisions.ts';
import { type Cluster, isNotFound, type Log } from '../../shared/io/ports.ts';
import type { KubernetesObject, LimitRange, ResourceQuota } from '../../shared/model/kubernetes.ts';
import { CONFIG_MAP_KRUISE, KEY_WHITELIST, SYSTEM_NAMESPACE } from '../../shared/model/names.ts';
import { REASONS } from '../../shared/model/reasons.ts';
import {
  CONFIG_MAPS,
  LIMIT_RANGES,
  NAMESPACES,
  RESOURCE_QUOTAS,
  type Resource,
  SIDECARSETS,
} from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';

/** Reads what else of the cluster decides about a SidecarSet, as far as this one asks for it. */
export type ReadSurroundings = (set: SidecarSet) => Promise<Surroundings & { policies: Policies }>;

type ReadOnly = Pick<Cluster, 'get' | 'list' | 'listMetadata'>;

interface ConfigMap extends KubernetesObject {
  data?: Record<string, string>;
}

const NO_POLICIES: Policies = { namespaces: [], limitRanges: [], quotas: [] };

/** Everywhere; none where the API server does not serve the kind: a list of what it serves is never "not found". */
const listServed = async <T extends KubernetesObject>(
  cluster: ReadOnly,
  resource: Resource,
): Promise<T[]> => {
  try {
    return (await cluster.list<T>(resource)).items;
  } catch (fault) {
    if (isNotFound(fault)) return [];
    throw fault;
  }
};

/** They give warnings only, so a SidecarSet is not refused because they can't be read. */
const readPolicies = async (cluster: ReadOnly, log: Log): Promise<Policies> => {
  try {
    const [namespaces, limitRanges, quotas] = await Promise.all([
      cluster.listMetadata(NAMESPACES),
      listServed<LimitRange>(cluster, LIMIT_RANGES),
      listServed<ResourceQuota>(cluster, RESOURCE_QUOTAS),
    ]);
    return { namespaces: namespaces.items.map(({ metadata }) => metadata), limitRanges, quotas };
  } catch (fault) {
    log.warn(REASONS.SidecarSetPoliciesUnread, { code: 'SidecarSetPoliciesUnread', fault: String(fault) });
    return NO_POLICIES;
  }
};

export const readSurroundings = (cluster: ReadOnly, log: Log): ReadSurroundings => {
  const whitelistFor = async ({ spec }: SidecarSet): Promise<string | undefined> => {
    if (!spec.patchPodMetadata?.length) return undefined;
    const key = { namespace: SYSTEM_NAMESPACE, name: CONFIG_MAP_KRUISE };
    return (await cluster.get<ConfigMap>(CONFIG_MAPS, key))?.data?.[KEY_WHITELIST];
  };
  return async (set) => {
    const [{ items }, revisions, whitelist, policies] = await Promise.all([
      cluster.list<SidecarSet>(SIDECARSETS),
      namesRevision(set) ? listRevisions(cluster, set) : [],
      whitelistFor(set),
      readPolicies(cluster, log),
    ]);
    return { sets: readableSets(items), revisions, whitelist, policies };
  };
};
