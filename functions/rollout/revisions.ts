/** Writes of the SidecarSet's history. Only who holds the claim calls these. */
import { holdsContentOf, nextRevision, superfluousRevisions } from '../../shared/core/revision/history.ts';
import { usedRevisions } from '../../shared/core/revision/podHashes.ts';
import { type Cluster, isAlreadyExists } from '../../shared/io/ports.ts';
import type { ControllerRevision, Pod } from '../../shared/model/kubernetes.ts';
import { SYSTEM_NAMESPACE } from '../../shared/model/names.ts';
import { CONTROLLER_REVISIONS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';

export interface Registered {
  latest: ControllerRevision;
  /** Oldest first, `latest` at the end. */
  history: ControllerRevision[];
  collisionCount: number;
}

/** A 32-bit hash that meets other content this often in a row is a fault of ours. */
const MOST_COLLISIONS = 10;

const keyOf = ({ metadata: { name } }: ControllerRevision) => ({ namespace: SYSTEM_NAMESPACE, name });

/** `undefined` if the name belongs to other content. */
const createOrFind = async (
  cluster: Cluster,
  set: SidecarSet,
  revision: ControllerRevision,
): Promise<ControllerRevision | undefined> => {
  try {
    return await cluster.create(CONTROLLER_REVISIONS, revision);
  } catch (fault) {
    if (!isAlreadyExists(fault)) throw fault;
    const found = await cluster.get<ControllerRevision>(CONTROLLER_REVISIONS, keyOf(revision));
    return found && holdsContentOf(set, found) ? found : undefined;
  }
};

const store = async (
  cluster: Cluster,
  set: SidecarSet,
  history: ControllerRevision[],
  collisionCount: number,
): Promise<ControllerRevision | undefined> => {
  const step = nextRevision(set, history, collisionCount);
  switch (step.kind) {
    case 'keep':
      return step.revision;
    case 'change':
      return cluster.patch(CONTROLLER_REVISIONS, keyOf(step.revision), step.patch, { type: 'merge' });
    case 'create':
      return createOrFind(cluster, set, step.revision);
    default:
      return step satisfies never;
  }
};

/** Makes the latest ControllerRevision hold the SidecarSet's present content. */
export const register = async (
  cluster: Cluster,
  set: SidecarSet,
  history: ControllerRevision[],
): Promise<Registered> => {
  const first = set.status?.collisionCount ?? 0;
  for (let collisionCount = first; collisionCount < first + MOST_COLLISIONS; collisionCount++) {
    const latest = await store(cluster, set, history, collisionCount);
    if (latest === undefined) continue;
    const others = history.filter(({ metadata }) => metadata.name !== latest.metadata.name);
    return { latest, history: [...others, latest], collisionCount };
  }
  throw new Error(`no free name for a ControllerRevision of SidecarSet ${set.metadata.name}`);
};

/** Deletes the revisions beyond the limit that none of the Pods carries. */
export const truncate = async (
  cluster: Cluster,
  set: SidecarSet,
  history: ControllerRevision[],
  pods: Pod[],
): Promise<void> => {
  const superfluous = superfluousRevisions(set, history, usedRevisions(set, pods));
  for (const revision of superfluous) await cluster.remove(CONTROLLER_REVISIONS, keyOf(revision));
};
