import { copy, isObject, type JsonObject, own } from '../json.ts';

/** A JSON merge patch (RFC 7386): null deletes, objects merge, all else replaces. */
export const applyMergePatch = (target: unknown, patch: unknown): unknown => {
  if (!isObject(patch)) return copy(patch);
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(own(result, key), value);
  }
  return result;
};
