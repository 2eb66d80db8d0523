import type { Clock, Log } from '../../shared/io/ports.ts';

/** Times in milliseconds. */
export interface Memory {
  /** How long an answer counts. */
  fresh: number;
  /** After a failed read until the next: it holds up the next Pods no more than once in this time; 10 s without it. */
  retry?: number;
  /** Until a read has failed: the webhook has 10 s for all; 2 s without it. */
  patience?: number;
  /** What the log says of a failed read. */
  failure: string;
}

interface Ports {
  clock: Clock;
  log: Pick<Log, 'warn'>;
}

const inTime = async <T>(reading: Promise<T>, patience: number, clock: Clock): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const cancel = clock.after(patience, () => late.reject(new Error('no answer in time')));
  try {
    return await Promise.race([reading, late.promise]);
  } finally {
    cancel();
  }
};

/**
 * Reads something of the cluster that seldom changes, and remembers it between the calls of a warm function. Where it
 * can't be read, the answer is the last one that was known, else `undefined`: no Pod fails for that. Never rejects.
 */
export const remembered = <T>(
  read: () => Promise<T>,
  { fresh, retry = 10_000, patience = 2_000, failure }: Memory,
  { clock, log }: Ports,
): (() => Promise<T | undefined>) => {
  let known: T | undefined;
  let until = 0;
  return async () => {
    const now = clock.now().getTime();
    if (now < until) return known;
    try {
      known = await inTime(read(), patience, clock);
      until = now + fresh;
    } catch (fault) {
      log.warn(failure, { fault: String(fault) });
      until = now + retry;
    }
    return known;
  };
};
