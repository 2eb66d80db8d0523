/** The value that a value replaces: what has not changed is not held against an update. */
import { equal, isObject, own, stringsAt } from '../../json.ts';
import { LIST_MAP_KEYS, LIST_TYPE, type Schema } from '../schema.ts';

/** In a list that is a map, the item with the same keys; in any other there is no telling. */
export const previousItem = (previous: unknown, item: unknown, list: Schema): unknown => {
  if (!Array.isArray(previous) || !isObject(item) || own(list, LIST_TYPE) !== 'map') return undefined;
  const keys = stringsAt(list, LIST_MAP_KEYS);
  return previous.find(
    (other) => isObject(other) && keys.every((key) => equal(own(other, key), own(item, key))),
  );
};

export const previousField = (previous: unknown, key: string): unknown =>
  isObject(previous) ? own(previous, key) : undefined;
