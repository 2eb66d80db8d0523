/** The claim on a SidecarSet: who acts on its Pods now. It lives in the status, where only we write. */
import type { ClusterEvent } from '../../model/event.ts';
import type { Claim, SidecarSet, SidecarSetStatus } from '../../model/sidecarset.ts';
import { unavailableLimit } from './budget.ts';

/** The longest write, and how far two clocks may differ. */
const WRITE_AND_SKEW_MS = 10_000;

/** No function runs so long: a claim that ends later was not made by one. */
const LONGEST_MS = 120_000;

/** No write of a run starts later than this before its deadline. */
const LAST_WRITE_MS = 6_000;
/** The last Pod is patched so early that the status can still follow. */
const LAST_PATCH_MS = LAST_WRITE_MS + 6_000;

const before = (deadline: Date, milliseconds: number): Date => new Date(deadline.getTime() - milliseconds);

/** The moments after which a run starts no further Pod write, and no further write at all. */
export const lastWrites = (deadline: Date): { patch: Date; status: Date } => ({
  patch: before(deadline, LAST_PATCH_MS),
  status: before(deadline, LAST_WRITE_MS),
});

/** Whole seconds until a live claim is dead, at least 1; `undefined` if nobody holds one. */
export const claimedFor = ({ status }: SidecarSet, now: Date): number | undefined => {
  const { holder, until } = status?.claim ?? {};
  if (!holder || until === undefined) return undefined;
  const left = Date.parse(until) - now.getTime();
  return left > 0 && left <= LONGEST_MS ? Math.ceil(left / 1000) : undefined;
};

/** Pods that a run moves in a second, roughly. */
const PODS_A_SECOND = 200;

/**
 * When to come back for a SidecarSet that somebody else holds: when the claim is dead at the latest. Most runs are much
 * shorter than their claim, so the first looks are sooner: 1, 2, 4 ... seconds. A Pod's event waits as long as the
 * batch may take of which it tells, most likely.
 *
 * @param left of {@link claimedFor}
 * @param event the one that comes back; its hops tell how often it was sent on already
 */
export const comeBackIn = (set: SidecarSet, left: number, { hops, ref }: ClusterEvent): number => {
  const batch = ref.kind === 'Pod' ? unavailableLimit(set, set.status?.matchedPods ?? 0) : 0;
  return Math.min(left, Math.max(2 ** hops, Math.ceil(batch / PODS_A_SECOND)));
};

const EMPTY: SidecarSetStatus = { matchedPods: 0, updatedPods: 0, readyPods: 0 };

/** What the last run saw stays, whoever holds the claim. */
const withClaim = (set: SidecarSet, claim: Pick<Claim, 'holder' | 'until' | 'interrupted'>): SidecarSet => {
  const { holder: _holder, until: _until, ...seen } = set.status?.claim ?? {};
  return { ...set, status: { ...EMPTY, ...set.status, claim: { ...seen, ...claim } } };
};

/**
 * The SidecarSet with our claim; the rest of its status stays. The claim outlives the process that holds it, and is
 * never renewed. A holder that is still there has died: what it did is not in the status.
 */
export const claimed = (set: SidecarSet, holder: string, deadline: Date): SidecarSet =>
  withClaim(set, {
    holder,
    until: before(deadline, -WRITE_AND_SKEW_MS).toISOString(),
    ...(set.status?.claim?.holder && { interrupted: true }),
  });

/**
 * The SidecarSet's status without anybody's claim and nothing else changed: a run that failed gives up.
 *
 * @param hasBegun it may have moved Pods, of which the status says nothing
 */
export const unclaimed = (set: SidecarSet, hasBegun: boolean): SidecarSetStatus =>
  withClaim(set, hasBegun ? { interrupted: true } : {}).status ?? EMPTY;
