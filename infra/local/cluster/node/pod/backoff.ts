/** Seconds-long pauses that double, as the kubelet keeps them for crashing containers and for image pulls. */

export interface Entry {
  milliseconds: number;
  updated: Date;
}

const FIRST = 10_000;
const LONGEST = 300_000;

const isStale = (entry: Entry, event: Date): boolean =>
  event.getTime() - entry.updated.getTime() > 2 * LONGEST;

/** The pause after one more failure: 10 s, 20 s ... 300 s; from the start again after 10 minutes without. */
export const longer = (entry: Entry | undefined, now: Date): Entry =>
  entry === undefined || isStale(entry, now)
    ? { milliseconds: FIRST, updated: now }
    : { milliseconds: Math.min(entry.milliseconds * 2, LONGEST), updated: now };

/** Milliseconds that are left of the pause that began at `event`; 0 when it is over. */
export const pauseLeft = (entry: Entry | undefined, event: Date, now: Date): number => {
  if (entry === undefined || isStale(entry, event)) return 0;
  return Math.max(0, entry.milliseconds - (now.getTime() - event.getTime()));
};
