import type { ObjectMeta } from '../../../../../shared/model/kubernetes.ts';

/** What stands under an owner's name: the uid that was found, `absent`, or `unknown` for a kind that is not served. */
export type Found = { uid: string | undefined } | 'absent' | 'unknown';

/**
 * Whether none of the owners exists any more. An object of the same name but another uid is not the owner; an owner of
 * an unknown kind counts as alive, as nobody can tell. Without owners nothing is garbage.
 *
 * @param found what was found for each of `metadata.ownerReferences`, in their order
 */
export const isGarbage = (
  { ownerReferences = [], deletionTimestamp }: ObjectMeta,
  found: Found[],
): boolean => {
  if (ownerReferences.length === 0 || deletionTimestamp !== undefined) return false;
  return ownerReferences.every(({ uid }, index) => {
    const owner = found[index] ?? 'unknown';
    return owner === 'absent' || (owner !== 'unknown' && owner.uid !== uid);
  });
};
