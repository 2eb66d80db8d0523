/** JSON values as the store holds them: never shared with a caller, never with a prototype of their own. */

export type JsonObject = Record<string, unknown>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const copyValue = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copyValue);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, child] of Object.entries(value)) if (child !== undefined) result[key] = copyValue(child);
  return result;
};

/** A deep copy; `undefined` fields are left out as in JSON. */
export const copy = <T>(value: T): T => copyValue(value) as T;

const sameEntries = (left: JsonObject, right: JsonObject): boolean => {
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
  );
};

/** Deep equality; the order of keys does not count. */
export const equal = (left: unknown, right: unknown): boolean => {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => equal(item, right[index]));
  return isObject(left) && isObject(right) && sameEntries(left, right);
};

/** Removes fields that are null, as Go's decoder reads them; items of arrays stay. */
export const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, child]) => child !== null);
  return Object.fromEntries(kept.map(([key, child]) => [key, withoutNulls(child)]));
};

/** The own value of a key, so that `constructor` is never found where nobody set it. */
export const own = (object: JsonObject, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** The value at a path of keys, or undefined. */
export const at = (object: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((value, key) => (isObject(value) ? own(value, key) : undefined), object);

export const textAt = (object: unknown, ...path: string[]): string | undefined => {
  const value = at(object, ...path);
  return typeof value === 'string' ? value : undefined;
};

/** The objects in the array at a path; empty if there is no array. */
export const objectsAt = (object: unknown, ...path: string[]): JsonObject[] => {
  const value = at(object, ...path);
  return Array.isArray(value) ? value.filter(isObject) : [];
};

export const stringsAt = (object: unknown, ...path: string[]): string[] => {
  const value = at(object, ...path);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
};

/** Sets a field that is not there. */
export const preset = (object: JsonObject, key: string, value: unknown): void => {
  if (own(object, key) === undefined) object[key] = value;
};

/** The object in a field, which is created if it is not there. */
export const child = (object: JsonObject, key: string): JsonObject => {
  const value = own(object, key);
  if (isObject(value)) return value;
  const created: JsonObject = {};
  object[key] = created;
  return created;
};
