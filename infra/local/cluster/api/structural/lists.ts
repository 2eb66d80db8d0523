/** Uniqueness in lists that are sets or maps (`x-kubernetes-list-type`). */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { duplicate, invalidValue } from '../errors.ts';
import { isObject, type JsonObject, own, stringsAt } from '../json.ts';
import { sortedJson } from '../sortedJson.ts';
import { fieldOf, LIST_MAP_KEYS, LIST_TYPE, part, type Schema } from './schema.ts';

/** The second appearance of each value that appears more than once: it is named once. */
const repeated = (values: unknown[]): number[] => {
  const seen = new Map<string, number>();
  return values.flatMap((value, index) => {
    const text = sortedJson(value);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    return times === 2 ? [index] : [];
  });
};

const keysOf = (item: unknown, names: string[]): JsonObject =>
  Object.fromEntries(
    names.flatMap((name) => (isObject(item) && Object.hasOwn(item, name) ? [[name, item[name]]] : [])),
  );

const mapCauses = (list: unknown[], schema: Schema, path: string): StatusCause[] => {
  const odd = list.findIndex((item) => item !== null && !isObject(item));
  if (odd >= 0)
    return [invalidValue(`${path}[${odd}]`, list[odd], 'must be an object for an array of list-type map')];
  const keys = list.map((item) => keysOf(item, stringsAt(schema, LIST_MAP_KEYS)));
  return repeated(keys).map((index) => duplicate(`${path}[${index}]`, keys[index]));
};

const ownCauses = (list: unknown[], schema: Schema, path: string): StatusCause[] => {
  const type = own(schema, LIST_TYPE);
  if (type === 'map') return mapCauses(list, schema, path);
  return type === 'set' ? repeated(list).map((index) => duplicate(`${path}[${index}]`, list[index])) : [];
};

export const listCauses = (value: unknown, schema: Schema | undefined, path = ''): StatusCause[] => {
  if (!schema) return [];
  if (Array.isArray(value))
    return [
      ...ownCauses(value, schema, path),
      ...value.flatMap((item, index) => listCauses(item, part(schema, 'items'), `${path}[${index}]`)),
    ];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inside]) =>
    listCauses(inside, fieldOf(schema, key), path === '' ? key : `${path}.${key}`),
  );
};
