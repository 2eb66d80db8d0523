/** Who owns what after a change (`merge.Updater`). */
import type { Type } from '../schema/type.ts';
import { type Comparison, compare } from './compare.ts';
import type { Conflict } from './conflicts.ts';
import { difference, type FieldSet, intersection, isEmpty, union, without } from './fieldSet.ts';
import type { Owner } from './managed.ts';

/** The same two objects in one version, with what a write there can't change. */
export interface Change {
  type: Type;
  before: unknown;
  after: unknown;
  reset: FieldSet;
}

/** Changes by apiVersion; a version that is no longer served has none. */
export type Changes = (apiVersion: string) => Comparison | undefined;

export const compareChange = ({ type, before, after, reset }: Change): Comparison => {
  const { added, removed, modified } = compare(type, before, after);
  return {
    added: without(added, reset),
    removed: without(removed, reset),
    modified: without(modified, reset),
  };
};

export interface Settled {
  owners: Owner[];
  /** What others owned of what was added or changed. */
  conflicts: Conflict[];
}

/** The others lose what was changed or removed; whoever is left with nothing, or with a version that is gone, goes. */
export const settleOthers = (others: readonly Owner[], changes: Changes): Settled => {
  const conflicts: Conflict[] = [];
  const owners = others.flatMap((owner): Owner[] => {
    const change = changes(owner.apiVersion);
    if (!change) return [];
    const taken = intersection(owner.fields, union(change.modified, change.added));
    if (!isEmpty(taken)) conflicts.push({ manager: owner, fields: taken });
    const fields = difference(difference(owner.fields, taken), change.removed);
    return isEmpty(fields) ? [] : [{ ...owner, fields }];
  });
  return { owners, conflicts };
};
