/** Drops the fields that a schema does not name. */
import { isObject, type JsonObject } from '../json.ts';
import {
  allowsAdditional,
  EMBEDDED,
  fieldOf,
  isSet,
  PRESERVE,
  part,
  propertyOf,
  type Schema,
} from './schema.ts';

const TYPE_AND_METADATA = ['apiVersion', 'kind', 'metadata'];

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

type Report = (path: string) => void;

const isKept = (schema: Schema | undefined, key: string): boolean =>
  isSet(schema, EMBEDDED) && TYPE_AND_METADATA.includes(key);

const pruneFields = (object: JsonObject, schema: Schema | undefined, path: string, report: Report): void => {
  const keepsUnknown = isSet(schema, PRESERVE);
  for (const key of Object.keys(object)) {
    if (isKept(schema, key)) continue;
    const inside = join(path, key);
    const known = propertyOf(schema, key) !== undefined || (schema && allowsAdditional(schema));
    if (known) pruneValue(object[key], fieldOf(schema, key), inside, report);
    else if (!keepsUnknown) {
      report(inside);
      delete object[key];
    }
  }
};

const pruneItems = (items: unknown[], schema: Schema | undefined, path: string, report: Report): void => {
  const keepsUnknown = isSet(schema, PRESERVE);
  const itemSchema = part(schema, 'items');
  if (keepsUnknown && !itemSchema) return;
  items.forEach((item, index) => {
    pruneValue(item, itemSchema, `${path}[${index}]`, report);
  });
};

const pruneValue = (value: unknown, schema: Schema | undefined, path: string, report: Report): void => {
  if (Array.isArray(value)) pruneItems(value, schema, path, report);
  else if (isObject(value)) pruneFields(value, schema, path, report);
};

/**
 * Changes the object; returns the paths of what went, sorted. Type and metadata of the object, and of whatever is
 * marked as an embedded resource, stay.
 */
export const prune = (object: JsonObject, schema: Schema): string[] => {
  const unknown: string[] = [];
  pruneValue(object, { ...schema, [EMBEDDED]: true }, '', (path) => unknown.push(path));
  return unknown.sort();
};

/** Whether a value has fields that the schema does not name; `isRoot` is a whole object. */
export const hasUnknownFields = (value: unknown, schema: Schema): boolean => {
  let found = false;
  pruneValue(structuredClone(value), schema, '', () => {
    found = true;
  });
  return found;
};
