/** The owners after a create, an update or a patch that is no apply. */
import type { Comparison } from './compare.ts';
import { difference, isEmpty, union } from './fieldSet.ts';
import { type Manager, type Owner, sameManager } from './managed.ts';
import { type Changes, settleOthers } from './ownership.ts';
import { UNOWNED } from './reset.ts';

/** More updating managers than this are kept as one, the oldest first. */
const MOST_UPDATERS = 10;
const ANCIENT = 'ancient-changes';

const age = (left: Owner, right: Owner): number => {
  const [a, b] = [left.time ?? '', right.time ?? ''];
  if (a !== b) return a < b ? -1 : 1;
  return left.name < right.name ? -1 : 1;
};

const isAncient = (version: string) => (owner: Owner) =>
  sameManager(owner, { name: ANCIENT, operation: 'Update', apiVersion: version, subresource: '' });

const merged = (owners: readonly Owner[], into: Owner, owner: Owner): Owner[] => {
  const { apiVersion, time } = owner;
  const bucket: Owner = {
    name: ANCIENT,
    operation: 'Update',
    apiVersion,
    subresource: '',
    ...(time !== undefined && { time }),
    fields: union(into.fields, owner.fields),
  };
  return [...owners.filter((other) => other !== owner && other !== into), bucket];
};

/** The oldest of a version become one, until few enough are left. */
const capped = (owners: Owner[]): Owner[] => {
  const updaters = owners.filter(({ operation }) => operation === 'Update').sort(age);
  let kept = owners;
  const oldest = new Map<string, Owner>();
  for (const owner of updaters) {
    if (kept.length - owners.length + updaters.length <= MOST_UPDATERS) break;
    const { apiVersion } = owner;
    const first = oldest.get(apiVersion);
    if (first) kept = merged(kept, kept.find(isAncient(apiVersion)) ?? first, owner);
    else oldest.set(apiVersion, owner);
  }
  return kept;
};

/** `own` is the change in the version of the request. */
export const ownersAfterUpdate = (
  owners: readonly Owner[],
  manager: Manager,
  { own, changes, time }: { own: Comparison; changes: Changes; time: string },
): Owner[] => {
  const { owners: others } = settleOthers(owners, changes);
  const gained = difference(union(own.modified, own.added), UNOWNED);
  if (isEmpty(gained)) return others;
  const mine = others.find((owner) => sameManager(owner, manager));
  const fields = mine ? union(mine.fields, gained) : gained;
  return capped([...others.filter((owner) => owner !== mine), { ...manager, time, fields }]);
};
