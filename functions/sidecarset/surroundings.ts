import { readableSets } from '../../shared/core/validation/read.ts';
import type { Surroundings } from '../../shared/core/validation/validate.ts';
import type { CompileRegex } from '../../shared/core/validation/whitelist.ts';
import type { Cluster } from '../../shared/io/ports.ts';
import type { ControllerRevision, KubernetesObject } from '../../shared/model/kubernetes.ts';
import {
  CONFIG_MAP_KRUISE,
  KEY_WHITELIST,
  LABEL_SIDECARSET_NAME,
  SYSTEM_NAMESPACE,
} from '../../shared/model/names.ts';
import { CONFIG_MAPS, CONTROLLER_REVISIONS, SIDECARSETS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';

/** Reads what else of the cluster decides about a SidecarSet, as far as this one asks for it. */
export type ReadSurroundings = (set: SidecarSet) => Promise<Surroundings>;

interface ConfigMap extends KubernetesObject {
  data?: Record<string, string>;
}

const NO_PATTERNS: CompileRegex = () => undefined;

/** @param loadRegex what compiles Go's regular expressions, loaded when the first SidecarSet needs it */
export const readSurroundings = (
  cluster: Pick<Cluster, 'get' | 'list'>,
  loadRegex: () => Promise<CompileRegex>,
): ReadSurroundings => {
  const revisionsOf = async (set: SidecarSet): Promise<ControllerRevision[]> => {
    const { revisionName, customVersion } = set.spec.injectionStrategy?.revision ?? {};
    if (!revisionName && !customVersion) return [];
    const labelSelector = `${LABEL_SIDECARSET_NAME}=${set.metadata.name}`;
    const options = { namespace: SYSTEM_NAMESPACE, labelSelector };
    return (await cluster.list<ControllerRevision>(CONTROLLER_REVISIONS, options)).items;
  };
  const whitelistFor = async ({ spec }: SidecarSet): Promise<string | undefined> => {
    if (!spec.patchPodMetadata?.length) return undefined;
    const key = { namespace: SYSTEM_NAMESPACE, name: CONFIG_MAP_KRUISE };
    return (await cluster.get<ConfigMap>(CONFIG_MAPS, key))?.data?.[KEY_WHITELIST];
  };
  return async (set) => {
    const [{ items }, revisions, whitelist, compileRegex] = await Promise.all([
      cluster.list<SidecarSet>(SIDECARSETS),
      revisionsOf(set),
      whitelistFor(set),
      set.spec.patchPodMetadata?.length ? loadRegex() : NO_PATTERNS,
    ]);
    return { sets: readableSets(items), revisions, whitelist, compileRegex };
  };
};
