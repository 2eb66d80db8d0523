/** The order of a merged list (`strategicpatch.normalizeElementOrder`). */

interface Orders {
  /** The items that the patch names, in its order. */
  patch: readonly unknown[];
  /** The list before the patch. */
  server: readonly unknown[];
  identity: (item: unknown) => unknown;
}

/**
 * The patch's items in its order, and the others in theirs. Of two items the other one comes first only if it did so
 * before the patch: what a patch adds therefore stands at the beginning.
 */
export const inOrder = (items: readonly unknown[], { patch, server, identity }: Orders): unknown[] => {
  const [wanted, before] = [patch.map(identity), server.map(identity)];
  const rank = (item: unknown, order: unknown[]): number => order.indexOf(identity(item));
  const named = items
    .filter((item) => rank(item, wanted) >= 0)
    .sort((a, b) => rank(a, wanted) - rank(b, wanted));
  const others = items.filter((item) => rank(item, wanted) < 0);
  const result: unknown[] = [];
  for (const item of named) {
    const place = rank(item, before);
    while (others.length > 0 && rank(others[0], before) < place) result.push(others.shift());
    result.push(item);
  }
  return [...result, ...others];
};
