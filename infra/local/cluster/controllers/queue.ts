import { type Clock, isConflict, type Log } from '../../../../shared/io/ports.ts';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 30_000;
/** A timer of more than 24.8 days would fire at once; looking too early does no harm. */
const LONGEST_TIMER_MS = 86_400_000;

/** A controller's work: each key at most once at a time, and once more if it was added meanwhile. */
export interface Queue {
  add(key: string): void;
  /** Takes no more work and waits for what is running. */
  stop(): Promise<void>;
}

interface QueueOptions {
  clock: Clock;
  log: Log;
  /** Resolves to milliseconds after which to look again, if any. */
  work: (key: string) => Promise<number | undefined>;
}

/** Milliseconds to wait after so many failures in a row: doubled from 100 ms up to 30 s. */
export const retryDelay = (failures: number): number =>
  Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LAST_RETRY_MS);

/**
 * Different keys run side by side, so that one that waits for a slow webhook holds up no other. Work that rejects is
 * done again with back-off; a conflict is the normal result of acting on an older reading and is not logged.
 */
export const createQueue = ({ clock, log, work }: QueueOptions): Queue => {
  const wanted = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const failures = new Map<string, number>();
  const timers = new Map<string, () => void>();
  let stopped = false;

  const later = (key: string, milliseconds: number): void => {
    timers.get(key)?.();
    timers.set(
      key,
      clock.after(Math.min(milliseconds, LONGEST_TIMER_MS), () => {
        timers.delete(key);
        add(key);
      }),
    );
  };

  const failed = (key: string, fault: unknown): void => {
    const count = (failures.get(key) ?? 0) + 1;
    failures.set(key, count);
    if (!isConflict(fault)) log.warn('controller retries', { key, failures: count, fault: String(fault) });
    if (!stopped) later(key, retryDelay(count));
  };

  const attempt = async (key: string): Promise<void> => {
    try {
      const again = await work(key);
      failures.delete(key);
      if (again !== undefined && !stopped) later(key, again);
    } catch (fault) {
      failed(key, fault);
    }
  };

  const drain = async (key: string): Promise<void> => {
    // The change that woke us is still being told to others: let the write finish first.
    await Promise.resolve();
    while (!stopped && wanted.delete(key)) await attempt(key);
    running.delete(key);
  };

  const add = (key: string): void => {
    if (stopped) return;
    wanted.add(key);
    if (!running.has(key)) running.set(key, drain(key));
  };

  return {
    add,
    async stop() {
      stopped = true;
      for (const cancel of timers.values()) cancel();
      timers.clear();
      await Promise.all(running.values());
    },
  };
};
