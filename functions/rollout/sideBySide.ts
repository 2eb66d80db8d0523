/** Calls side by side, fewer of them when the other side asks for it. */

/** Under way at a time. Twice as many gain little on a real API server, and take its room from others. */
const WIDTH = 32;

/**
 * Calls `work` for each item; the results are in the items' order. A result for which `isTooMuch` holds halves how many
 * calls are under way (once for all that were under way together), and its item is tried again, until not even one call
 * alone is let through: the items that are left have that result, or none.
 */
export const sideBySide = async <Item, Result>(
  items: Item[],
  work: (item: Item) => Promise<Result>,
  isTooMuch: (result: Result) => boolean,
): Promise<(Result | undefined)[]> => {
  const results: (Result | undefined)[] = items.map(() => undefined);
  const queue = [...items.entries()].reverse();
  let width = Math.min(WIDTH, items.length);
  const lane = async (number: number): Promise<void> => {
    while (number < width) {
      const next = queue.pop();
      if (next === undefined) return;
      const [index, item] = next;
      const before = width;
      const result = await work(item);
      results[index] = result;
      if (!isTooMuch(result)) continue;
      queue.push(next);
      if (width === before) width = Math.floor(before / 2);
    }
  };
  await Promise.all(Array.from({ length: width }, (_, number) => lane(number)));
  return results;
};
