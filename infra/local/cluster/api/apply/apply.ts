/** Server-side apply: the object and its owners after a configuration was applied (`merge.Updater.Apply`). */
import { equal, type JsonObject } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import type { Type } from '../schema/type.ts';
import type { Comparison } from './compare.ts';
import { type Conflict, conflictError } from './conflicts.ts';
import { contentsOf } from './contents.ts';
import { difference, type FieldSet, isEmpty, without } from './fieldSet.ts';
import { allowedByLastApplied, withLastApplied } from './lastApplied.ts';
import { type Manager, type Owner, sameManager } from './managed.ts';
import { merge } from './merge.ts';
import { settleOthers } from './ownership.ts';
import { prune, type Versions } from './prune.ts';
import { UNOWNED } from './reset.ts';

export interface Application {
  type: Type;
  live: ApiObject;
  config: JsonObject;
  manager: Manager;
  owners: readonly Owner[];
  reset: FieldSet;
  force: boolean;
  /** RFC 3339. */
  time: string;
  versions: Versions;
  /** Compares the live object with another one, in each version that is asked for. */
  compareTo(object: ApiObject): Promise<(apiVersion: string) => Comparison | undefined>;
}

export interface Applied {
  object: ApiObject;
  owners: Owner[];
}

/** kubectl's own manager takes over what the same kubectl applied on the client's side. */
const KUBECTL = 'kubectl';

const refused = (conflicts: readonly Conflict[], { type, live, manager }: Application): Conflict[] => {
  if (manager.name !== KUBECTL) return [...conflicts];
  const allowed = allowedByLastApplied(type, live);
  return conflicts.flatMap(({ manager: owner, fields }) => {
    const rest = difference(fields, allowed);
    return isEmpty(rest) ? [] : [{ manager: owner, fields: rest }];
  });
};

/** Rejects with a 409 that names the conflicts unless the application is forced. */
export const apply = async (given: Application): Promise<Applied> => {
  const { type, live, config, manager, owners, reset, force, time, versions } = given;
  const last = owners.find((owner) => sameManager(owner, manager));
  const others = owners.filter((owner) => owner !== last);
  const claimed = without(contentsOf(type, config), reset);
  const mine: Owner = { ...manager, time, fields: claimed };
  // Merging keeps the type and the metadata that the live object has.
  const merged = merge(type, live, config) as ApiObject;
  const object = await prune(merged, last, [...others, mine], versions);
  const settled = settleOthers(others, await given.compareTo(object));
  const conflicts = force ? [] : refused(settled.conflicts, given);
  if (conflicts.length > 0) throw conflictError(conflicts);
  const fields = difference(claimed, UNOWNED);
  const isChanged = !equal(object, live);
  // Whoever only joins the owners of what is there already gets an entry without a time, as in Kubernetes.
  const stamp = isChanged ? time : last?.time;
  const entry: Owner = { ...manager, ...(stamp !== undefined && { time: stamp }), fields };
  return {
    object: manager.name === KUBECTL ? withLastApplied(object, config) : object,
    owners: isEmpty(fields) ? settled.owners : [...settled.owners, entry],
  };
};
