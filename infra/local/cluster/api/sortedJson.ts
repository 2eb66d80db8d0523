import { isObject } from './json.ts';

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
};

/** JSON with keys in order, as Go writes maps. */
export const sortedJson = (value: unknown): string => JSON.stringify(sorted(value)) ?? 'null';
