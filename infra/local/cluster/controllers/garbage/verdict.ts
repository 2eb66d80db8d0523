import type { ObjectMeta, OwnerReference } from '../../../../../shared/model/kubernetes.ts';

/**
 * What stands under an owner's name: the uid that was found, `absent`, or `unknown` for a kind that is not served.
 * `waits` is set on an owner that is being deleted in the foreground: it goes after its dependents.
 */
export type Found = { uid: string | undefined; waits?: boolean } | 'absent' | 'unknown';

const holds = ({ uid }: OwnerReference, owner: Found): boolean =>
  owner === 'unknown' || (owner !== 'absent' && owner.uid === uid && !owner.waits);

/**
 * The owners that keep an object. An object of the same name but another uid is not the owner; an owner of an unknown
 * kind counts as alive, as nobody can tell.
 *
 * @param found what was found for each of `metadata.ownerReferences`, in their order
 */
export const keepers = ({ ownerReferences = [] }: ObjectMeta, found: Found[]): OwnerReference[] =>
  ownerReferences.filter((reference, index) => holds(reference, found[index] ?? 'unknown'));

/** Whether none of the owners exists any more, or all wait for it to go. Without owners nothing is garbage. */
export const isGarbage = (metadata: ObjectMeta, found: Found[]): boolean =>
  (metadata.ownerReferences ?? []).length > 0 &&
  metadata.deletionTimestamp === undefined &&
  keepers(metadata, found).length === 0;
