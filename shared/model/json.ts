/** Whether a value is a JSON object: no array, no `null`. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sameList = (left: unknown[], right: unknown[]): boolean =>
  left.length === right.length && left.every((value, index) => sameJson(value, right[index]));

const setKeys = (value: Record<string, unknown>): string[] =>
  Object.keys(value).filter((key) => value[key] !== undefined);

const sameRecord = (left: Record<string, unknown>, right: Record<string, unknown>): boolean => {
  const keys = setKeys(left);
  return (
    keys.length === setKeys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
  );
};

/** Whether two values have the same JSON text, whatever the order of keys; an `undefined` field counts as absent. */
export const sameJson = (left: unknown, right: unknown): boolean => {
  if (Array.isArray(left) && Array.isArray(right)) return sameList(left, right);
  if (isRecord(left) && isRecord(right)) return sameRecord(left, right);
  return left === right;
};
