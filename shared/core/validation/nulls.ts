import { isRecord } from '../../model/json.ts';

/** Go reads a `null` field as absent, so nobody after this has to think of it. */
export const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const set = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(set.map(([key, item]) => [key, withoutNulls(item)]));
};
