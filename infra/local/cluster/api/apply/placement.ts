/** Where the items of a merged list stand, by their path elements. */

export type Place = { from: 'live'; at: number } | { from: 'applied'; at: number };

/**
 * The applied items in the order of the configuration; the others keep their place relative to the items that both have
 * (`mergingWalker.visitListItems`).
 */
export const placesOf = (live: readonly string[], applied: readonly string[]): Place[] => {
  const isApplied = new Set(applied);
  /** What both have and is not placed yet. */
  const shared = applied.filter((element) => live.includes(element));
  const places: Place[] = [];
  let at = 0;
  const placeLive = (): void => {
    const element = live[at] ?? '';
    if (!isApplied.has(element)) places.push({ from: 'live', at });
    at += 1;
  };
  /** Items that only the live list has go first, and so does a shared one whose turn comes later. */
  const goesBefore = (element: string, next: string): boolean =>
    element !== next && (!isApplied.has(element) || (shared.length > 0 && shared[0] !== element));

  for (const [index, element] of applied.entries()) {
    while (at < live.length && goesBefore(live[at] ?? '', element)) placeLive();
    if (live[at] === element || !shared.includes(live[at] ?? '')) at += 1;
    places.push({ from: 'applied', at: index });
    if (shared[0] === element) shared.shift();
  }
  while (at < live.length) placeLive();
  return places;
};
