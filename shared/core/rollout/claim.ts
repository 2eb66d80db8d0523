/** The claim on a SidecarSet: who acts on its Pods now. It lives in the status, where only we write. */
import type { Claim, SidecarSet, SidecarSetStatus } from '../../model/sidecarset.ts';

/** The longest write, and how far two clocks may differ. */
const WRITE_AND_SKEW_MS = 10_000;

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
  return left > 0 ? Math.ceil(left / 1000) : undefined;
};

/**
 * When to come back for a SidecarSet that somebody else holds: when the claim is dead at the latest. Most runs are much
 * shorter than their claim, so the first looks are sooner: 1, 2, 4 ... seconds.
 *
 * @param left of {@link claimedFor}
 * @param hops how often the event was sent on already
 */
export const comeBackIn = (left: number, hops: number): number => Math.min(left, 2 ** hops);

const EMPTY: SidecarSetStatus = { matchedPods: 0, updatedPods: 0, readyPods: 0 };

const withClaim = (set: SidecarSet, claim: Claim): SidecarSet => ({
  ...set,
  status: { ...EMPTY, ...set.status, claim: { ...claim, listed: set.status?.claim?.listed } },
});

/**
 * The SidecarSet with our claim; the rest of its status stays. The claim outlives the process that holds it, and is
 * never renewed.
 */
export const claimed = (set: SidecarSet, holder: string, deadline: Date): SidecarSet =>
  withClaim(set, { holder, until: before(deadline, -WRITE_AND_SKEW_MS).toISOString() });

/** The SidecarSet's status without anybody's claim and nothing else changed: a run that failed gives up. */
export const unclaimed = (set: SidecarSet): SidecarSetStatus => withClaim(set, {}).status ?? EMPTY;
