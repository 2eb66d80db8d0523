/** Milliseconds before each further look; a third of a second in all. */
const PAUSES = [10, 20, 40, 80, 160] as const;

/**
 * Looks again within the run while what it sees is early: the write that a review announces is mostly visible some
 * milliseconds after it, and a message that comes back takes a second. The last look counts, early or not; without
 * `pause` that is the first one.
 */
export const lookSoon = async <T>(
  look: () => Promise<T>,
  isEarly: (seen: T) => boolean,
  pause: ((milliseconds: number) => Promise<unknown>) | undefined,
): Promise<T> => {
  let seen = await look();
  for (const milliseconds of PAUSES) {
    if (pause === undefined || !isEarly(seen)) break;
    await pause(milliseconds);
    seen = await look();
  }
  return seen;
};
