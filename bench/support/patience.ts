/** Requests of the bench itself: tried again, and only so many at a time. */
import { setTimeout as pause } from 'node:timers/promises';
import { ClusterError, isConflict } from '../../shared/io/ports.ts';

const TRIES = 8;
const FIRST_PAUSE_MILLISECONDS = 50;

const mayPass = (fault: unknown): boolean =>
  isConflict(fault) ||
  (fault instanceof ClusterError && (fault.code === 0 || fault.code === 429 || fault.code >= 500));

/** Again after 50, 100, 200 ... ms what no answer, an overload or a conflict has spoiled. */
export const patiently = async <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
  for (let tries = 0; ; tries += 1) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (fault) {
      if (tries === TRIES || !mayPass(fault)) throw fault;
      await pause(FIRST_PAUSE_MILLISECONDS * 2 ** tries, undefined, { signal });
    }
  }
};

/** Runs what it is given, at most `width` at a time, in the order of the calls. */
export const createLanes = (width: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let free = width;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
};

/** Resolves once `isTrue` does with true, asked every 100 ms; rejects with a sentence about `what` after `seconds`. */
export const until = async (
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<void> => {
  const end = performance.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`after ${seconds} s still not: ${what}`);
    await pause(100, undefined, { signal });
  }
};
