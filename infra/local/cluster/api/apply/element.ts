/** Steps of a path, as FieldsV1 writes them: `f:<name>`, `k:{<keys>}` for an item by keys, `v:<value>` for one of a set. */
import { isObject, own } from '../json.ts';
import type { List, Type } from '../schema/type.ts';

export const fieldElement = (name: string): string => `f:${name}`;

/** As Go's encoder does, which keeps JSON safe inside HTML. */
const goJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const presetOf = (item: Type, key: string): unknown =>
  item.is === 'fields' ? item.fields.get(key)?.preset : undefined;

const keyElement = ({ item, keys }: List, value: unknown): string | undefined => {
  if (!isObject(value)) return undefined;
  const found = [...keys]
    .sort()
    .map((key) => [key, own(value, key) ?? presetOf(item, key)] as const)
    .filter(([, part]) => part !== undefined);
  return found.length === 0 ? undefined : `k:${goJson(Object.fromEntries(found))}`;
};

const valueElement = (value: unknown): string | undefined =>
  typeof value === 'object' || value === undefined ? undefined : `v:${goJson(value)}`;

/** `undefined` for an item that can't be told from others: it has none of the keys, or is no plain value of a set. */
export const itemElement = (list: List, value: unknown): string | undefined =>
  list.relation === 'map' ? keyElement(list, value) : valueElement(value);

const keySentence = (text: string): string => {
  const keys: unknown = JSON.parse(text);
  if (!isObject(keys)) return text;
  return Object.entries(keys)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(',');
};

/** An element as messages write it: `.name`, `[name="main"]`, `[="value"]`. */
export const elementSentence = (element: string): string => {
  const text = element.slice(2);
  switch (element.slice(0, 2)) {
    case 'k:':
      return `[${keySentence(text)}]`;
    case 'v:':
      return `[=${text}]`;
    case 'i:':
      return `[${text}]`;
    default:
      return `.${text}`;
  }
};

/** Field names come before keys, keys before values, values before indexes. */
const RANKS = ['f:', 'k:', 'v:', 'i:'];

export const byElement = (left: string, right: string): number => {
  const rank = RANKS.indexOf(left.slice(0, 2)) - RANKS.indexOf(right.slice(0, 2));
  if (rank !== 0) return rank;
  return left < right ? -1 : Number(left > right);
};
