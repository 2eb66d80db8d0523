/** The two status writes of a run: the one that claims the SidecarSet, and the one that gives it back. */
import { claimed, lastWrites } from '../../shared/core/rollout/claim.ts';
import { isConflict, isNotFound } from '../../shared/io/ports.ts';
import type { Code } from '../../shared/model/reasons.ts';
import { SIDECARSETS } from '../../shared/model/resources.ts';
import type { SidecarSet, SidecarSetStatus } from '../../shared/model/sidecarset.ts';
import type { Dependencies } from './dependencies.ts';

export type ClaimResult =
  | { kind: 'held'; set: SidecarSet }
  /** Another run, or a change of the SidecarSet, was faster. */
  | { kind: 'lost' }
  | { kind: 'impossible'; code: Code };

const holderOf = ({ status }: SidecarSet): string | undefined => status?.claim?.holder;

/** How often the last status is tried again when others change the SidecarSet meanwhile. */
const TRIES = 3;

/** Claims the version of the SidecarSet that was read. The claim counts only if the stored status holds it. */
export const claim = async (
  { cluster, newHolder }: Dependencies,
  set: SidecarSet,
  deadline: Date,
): Promise<ClaimResult> => {
  const holder = newHolder();
  try {
    const stored = await cluster.replace(SIDECARSETS, claimed(set, holder, deadline), 'status');
    return stored.status?.claim?.holder === holder
      ? { kind: 'held', set: stored }
      : { kind: 'impossible', code: 'RolloutClaimPruned' };
  } catch (fault) {
    if (isConflict(fault)) return { kind: 'lost' };
    if (isNotFound(fault)) return { kind: 'impossible', code: 'ObjectGone' };
    throw fault;
  }
};

/**
 * Writes the status and with it gives up the claim, on whatever version the SidecarSet has now, as long as the claim is
 * ours. `false`: it was not written, because the claim is another's, the SidecarSet is gone, or it is too late.
 *
 * @param held the SidecarSet as our claim left it
 */
export const giveBack = async (
  { cluster, clock }: Dependencies,
  held: SidecarSet,
  status: SidecarSetStatus,
  deadline: Date,
): Promise<boolean> => {
  let current: SidecarSet | undefined = held;
  for (let tries = 0; tries < TRIES && clock.now() <= lastWrites(deadline).status; tries++) {
    if (current === undefined || holderOf(current) !== holderOf(held)) return false;
    try {
      await cluster.replace(SIDECARSETS, { ...current, status }, 'status');
      return true;
    } catch (fault) {
      if (!isConflict(fault) && !isNotFound(fault)) throw fault;
      current = await cluster.get<SidecarSet>(SIDECARSETS, { name: held.metadata.name });
    }
  }
  return false;
};
