/** `x-kubernetes-list-type` and its keys. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { invalidValue, required, unsupportedValue } from '../errors.ts';
import { own, stringsAt, textAt } from '../json.ts';
import { defaultOf, LIST_MAP_KEYS, LIST_TYPE, part, propertyOf, type Schema } from '../structural/schema.ts';

const KEYS = ['atomic', 'set', 'map'];

const keyCauses = (items: Schema, key: string, keys: string[], field: string): StatusCause[] => {
  const property = propertyOf(items, key);
  const path = `${field}.items.properties[${key}]`;
  if (!property)
    return [invalidValue(`${field}.${LIST_MAP_KEYS}`, keys, 'entries must all be names of item properties')];
  if (['array', 'object'].includes(textAt(property, 'type') ?? '')) {
    const why = "must be a scalar type if parent array's x-kubernetes-list-type is map";
    return [invalidValue(`${path}.type`, textAt(items, 'type'), why)];
  }
  const isThere = stringsAt(items, 'required').includes(key) || defaultOf(property) !== undefined;
  const why = `this property is in ${LIST_MAP_KEYS}, so it must have a default or be a required property`;
  return isThere ? [] : [required(`${path}.default`, why)];
};

const mapCauses = (schema: Schema, field: string): StatusCause[] => {
  const keys = stringsAt(schema, LIST_MAP_KEYS);
  const items = part(schema, 'items');
  const type = textAt(items, 'type') ?? '';
  if (keys.length === 0)
    return [required(`${field}.${LIST_MAP_KEYS}`, `must not be empty if ${LIST_TYPE} is map`)];
  if (!items) return [required(`${field}.items`, `must have a schema if ${LIST_TYPE} is map`)];
  if (type !== 'object')
    return [
      invalidValue(`${field}.items.type`, type, `must be object if parent array's ${LIST_TYPE} is map`),
    ];
  return keys.flatMap((key) => keyCauses(items, key, keys, field));
};

const keysWithoutMap = (schema: Schema, type: unknown, field: string): StatusCause[] => {
  if (stringsAt(schema, LIST_MAP_KEYS).length === 0 || type === 'map') return [];
  const why = `must be map if ${LIST_MAP_KEYS} is non-empty`;
  return [
    type === undefined
      ? required(`${field}.${LIST_TYPE}`, why)
      : invalidValue(`${field}.${LIST_TYPE}`, type, why),
  ];
};

const typedCauses = (schema: Schema, type: string, field: string): StatusCause[] => {
  const valueType = textAt(schema, 'type') ?? '';
  const why = `must be array if ${LIST_TYPE} is specified`;
  return [
    ...(valueType === 'array' ? [] : [invalidValue(`${field}.type`, valueType, why)]),
    ...(KEYS.includes(type) ? [] : [unsupportedValue(`${field}.${LIST_TYPE}`, type, KEYS)]),
    ...(type === 'map' ? mapCauses(schema, field) : []),
  ];
};

export const listKeywordCauses = (schema: Schema, field: string): StatusCause[] => {
  const type = own(schema, LIST_TYPE);
  return [
    ...keysWithoutMap(schema, type, field),
    ...(typeof type === 'string' ? typedCauses(schema, type, field) : []),
  ];
};
