import { badRequest } from './errors.ts';
import { isObject, type JsonObject } from './json.ts';

/** A deep copy of what a client sent. The one key that an object can't hold safely is refused (400). */
export const ingest = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ingest);
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, child] of Object.entries(value)) {
    if (key === '__proto__')
      throw badRequest('the key "__proto__" is not supported by the embedded API server');
    if (child !== undefined) result[key] = ingest(child);
  }
  return result;
};
