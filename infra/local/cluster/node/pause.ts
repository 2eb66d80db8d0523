import type { Clock } from '../../../../shared/io/ports.ts';

/** Waits; resolves early, and with false, when the signal is aborted. */
export const pause = (clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve(false);
    const early = () => {
      cancel();
      resolve(false);
    };
    const cancel = clock.after(milliseconds, () => {
      signal?.removeEventListener('abort', early);
      resolve(true);
    });
    signal?.addEventListener('abort', early, { once: true });
  });
