/** The items of a list that have owners, by path element. */

import type { List } from '../schema/type.ts';
import { itemElement } from './element.ts';

/** Several items under one element are duplicates, which are owned together. */
export const itemsByElement = (list: List, value: unknown): Map<string, unknown[]> => {
  const items = new Map<string, unknown[]>();
  for (const item of Array.isArray(value) ? value : []) {
    const element = itemElement(list, item);
    if (element === undefined) continue;
    const same = items.get(element);
    if (same) same.push(item);
    else items.set(element, [item]);
  }
  return items;
};
