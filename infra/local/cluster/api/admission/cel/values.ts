/** JSON as values of CEL: whole numbers are ints. */
import { isObject } from '../../json.ts';

/** Without a prototype, so that only a key that somebody set is found. */
const mapOf = (object: Record<string, unknown>): Record<string, unknown> =>
  Object.entries(object).reduce<Record<string, unknown>>((map, [key, value]) => {
    if (value !== undefined) map[key] = celValue(value);
    return map;
  }, Object.create(null));

export const celValue = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(celValue);
  if (isObject(value)) return mapOf(value);
  return Number.isSafeInteger(value) ? BigInt(Number(value)) : value;
};
