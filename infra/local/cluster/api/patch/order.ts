/**
 * Puts the items that `order` names in that order, and the others where they were: an item that the server had stands
 * before the named ones that it preceded, a named one that the server did not have comes first
 * (`strategicpatch.normalizeElementOrder`).
 *
 * @param known the list as the server had it
 */
export const inOrder = (
  items: unknown[],
  order: unknown[],
  known: unknown[],
  identity: (item: unknown) => unknown,
): unknown[] => {
  const [wanted, before] = [order.map(identity), known.map(identity)];
  const rank = (ids: unknown[], item: unknown): number => ids.indexOf(identity(item));
  const named = items.filter((item) => rank(wanted, item) >= 0);
  named.sort((left, right) => rank(wanted, left) - rank(wanted, right));
  const others = items.filter((item) => rank(wanted, item) < 0);
  const result: unknown[] = [];
  for (const item of named) {
    while (others.length > 0 && rank(before, others[0]) < rank(before, item)) result.push(others.shift());
    result.push(item);
  }
  return [...result, ...others];
};
