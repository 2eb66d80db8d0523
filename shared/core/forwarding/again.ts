import type { ClusterEvent } from '../../model/event.ts';

/** Seconds until the second, third and fourth look of a reader that came before the write was visible. */
const LOOKS = [1, 5, 30] as const;

/** A message that our functions passed on this often is left to resync. */
export const MAX_HOPS = 60;

export interface Look {
  seconds: number;
  event: ClusterEvent;
}

/**
 * Whether the reader came before the announced write was visible, and when to look again.
 * A review carries the version that its write replaces (none for a CREATE: there "not found" is the sign).
 * `undefined`: decide on what you see, because it is new, or because this was the last look.
 *
 * @param seen resourceVersion of the object that was read, `undefined` if there is none
 */
export const lookAgain = (event: ClusterEvent, seen: string | undefined): Look | undefined => {
  const seconds = LOOKS[event.looks];
  if (event.resourceVersion !== seen || seconds === undefined) return undefined;
  return { seconds, event: { ...event, looks: event.looks + 1 } };
};

/** The event as it is sent on once more, or `undefined` beyond the limit (code `HopLimit`). */
export const sentOn = (event: ClusterEvent): ClusterEvent | undefined =>
  event.hops >= MAX_HOPS ? undefined : { ...event, hops: event.hops + 1 };
