/** Storage migration: every SidecarSet is written back as it is, so that it is stored in the version of today. */
import { ClusterError, isConflict } from '../../../shared/io/ports.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import { SIDECARSET_VERSION } from '../../../shared/model/names.ts';
import { CUSTOM_RESOURCE_DEFINITIONS, SIDECARSETS } from '../../../shared/model/resources.ts';
import type { UserCluster } from '../../cluster.ts';
import { DEFINITION } from './find.ts';

const ATTEMPTS = 5;

type Definition = KubernetesObject & { status?: { storedVersions?: string[] } };

/** `undefined` once it is stored; else the refusal of a webhook, or of whoever else has a say. A fault is thrown. */
const rewrite = async (
  cluster: UserCluster,
  name: string,
  attempts = ATTEMPTS,
): Promise<string | undefined> => {
  const object = await cluster.get(SIDECARSETS, { name });
  if (object === undefined) return undefined;
  try {
    await cluster.replace(SIDECARSETS, object);
    return undefined;
  } catch (fault) {
    if (isConflict(fault) && attempts > 1) return rewrite(cluster, name, attempts - 1);
    if (fault instanceof ClusterError && fault.code >= 400 && fault.code < 500) return fault.message;
    throw fault;
  }
};

export interface Migration {
  /** SidecarSets that are stored in today's version now. */
  written: number;
  /** Why one was not: it stays as it is, and so does the list of stored versions. */
  refused: string[];
}

/** `undefined` if nothing can be stored in another version. */
export const migrateStorage = async (cluster: UserCluster): Promise<Migration | undefined> => {
  const key = { name: DEFINITION };
  const definition = await cluster.get<Definition>(CUSTOM_RESOURCE_DEFINITIONS, key);
  const stored = definition?.status?.storedVersions ?? [];
  if (stored.every((version) => version === SIDECARSET_VERSION)) return undefined;
  const { items } = await cluster.list(SIDECARSETS);
  const refused: string[] = [];
  for (const { metadata } of items) {
    const why = await rewrite(cluster, metadata.name);
    if (why !== undefined) refused.push(`SidecarSet ${metadata.name}: ${why}`);
  }
  if (refused.length === 0) {
    const status = { storedVersions: [SIDECARSET_VERSION] };
    const options = { type: 'merge', subresource: 'status' } as const;
    await cluster.patch(CUSTOM_RESOURCE_DEFINITIONS, key, { status }, options);
  }
  return { written: items.length - refused.length, refused };
};
