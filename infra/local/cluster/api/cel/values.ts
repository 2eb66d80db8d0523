/** JSON as values of CEL: whole numbers are ints, and a map has the keys that somebody set. */
import { isObject, type JsonObject } from '../json.ts';

export const celValue = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(celValue);
  if (Number.isSafeInteger(value)) return BigInt(Number(value));
  if (!isObject(value)) return value ?? null;
  const map: JsonObject = Object.create(null);
  for (const [key, item] of Object.entries(value)) if (item !== undefined) map[key] = celValue(item);
  return map;
};
