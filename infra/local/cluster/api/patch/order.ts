/**
 * Puts the items that `order` names in that order; the others keep their place before the item that they preceded
 * (`strategicpatch.normalizeElementOrder`).
 */
export const inOrder = (
  items: unknown[],
  order: unknown[],
  identity: (item: unknown) => unknown,
): unknown[] => {
  const wanted = order.map(identity);
  const rank = (item: unknown): number => wanted.indexOf(identity(item));
  const named = items.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  const others = items.filter((item) => rank(item) < 0);
  const result: unknown[] = [];
  for (const item of named) {
    while (others.length > 0 && items.indexOf(others[0]) < items.indexOf(item)) result.push(others.shift());
    result.push(item);
  }
  return [...result, ...others];
};
