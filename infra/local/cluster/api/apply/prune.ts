/** Removes what a manager applied before and does not apply any more, unless somebody else owns it. */
import type { ApiObject } from '../objects.ts';
import type { Type } from '../schema/type.ts';
import { contentsOf } from './contents.ts';
import { difference, EMPTY, type FieldSet, intersection, isEmpty, union } from './fieldSet.ts';
import type { Owner } from './managed.ts';
import { withNamedFields } from './named.ts';
import { remove } from './removal.ts';

/** How an object looks in the versions in which managers own its fields. */
export interface Versions {
  /** `undefined` for a version that is not served. */
  type(apiVersion: string): Type | undefined;
  convert(object: ApiObject, apiVersion: string): Promise<ApiObject>;
}

const ownedIn = (owners: readonly Owner[], apiVersion: string): FieldSet =>
  owners
    .filter((owner) => owner.apiVersion === apiVersion)
    .reduce((fields, owner) => union(fields, owner.fields), EMPTY);

const fieldsOf = (type: Type, object: unknown): FieldSet => withNamedFields(type, contentsOf(type, object));

const asObject = (object: Record<string, unknown>, like: ApiObject): ApiObject => ({ ...like, ...object });

/** `gone` removed from the object, which keeps its type and metadata. */
const reduced = (type: Type, object: ApiObject, gone: FieldSet): ApiObject => {
  const { apiVersion, kind, metadata } = object;
  return asObject(remove(type, object, gone), { apiVersion, kind, metadata: { name: metadata.name } });
};

const addBackOwned = async (
  merged: ApiObject,
  pruned: ApiObject,
  owners: readonly Owner[],
  versions: Versions,
): Promise<ApiObject> => {
  let result = pruned;
  const order = [pruned.apiVersion, ...owners.map(({ apiVersion }) => apiVersion)];
  for (const apiVersion of new Set(order)) {
    const type = versions.type(apiVersion);
    if (!type) continue;
    const whole = await versions.convert(merged, apiVersion);
    const kept = fieldsOf(type, await versions.convert(result, apiVersion));
    const owned = withNamedFields(type, ownedIn(owners, apiVersion));
    result = reduced(type, whole, difference(fieldsOf(type, whole), union(kept, owned)));
  }
  return versions.convert(result, pruned.apiVersion);
};

/** `last` is what the manager applied before; `owners` are all of now, the manager among them. */
export const prune = async (
  merged: ApiObject,
  last: Owner | undefined,
  owners: readonly Owner[],
  versions: Versions,
): Promise<ApiObject> => {
  const type = last && versions.type(last.apiVersion);
  if (!last || !type || isEmpty(last.fields)) return merged;
  const whole = await versions.convert(merged, last.apiVersion);
  const applied = withNamedFields(type, last.fields);
  const pruned = await addBackOwned(whole, reduced(type, whole, applied), owners, versions);
  const gone = difference(fieldsOf(type, whole), fieldsOf(type, pruned));
  return versions.convert(reduced(type, whole, intersection(gone, applied)), merged.apiVersion);
};
