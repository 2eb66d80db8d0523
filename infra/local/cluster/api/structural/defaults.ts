/** Fills in a schema's defaults, and drops nulls that it does not allow. */
import { copy, isObject, type JsonObject, own } from '../json.ts';
import { defaultOf, fieldOf, isSet, part, type Schema } from './schema.ts';

const isForbiddenNull = (value: unknown, schema: Schema | undefined): boolean =>
  value === null && schema !== undefined && !isSet(schema, 'nullable');

const lacks = (value: unknown, schema: Schema | undefined): boolean =>
  value === undefined || isForbiddenNull(value, schema);

const defaultProperties = (object: JsonObject, schema: Schema): void => {
  for (const [key, property] of Object.entries(part(schema, 'properties') ?? {})) {
    if (!isObject(property)) continue;
    const preset = defaultOf(property);
    if (preset !== undefined && lacks(own(object, key), property)) object[key] = copy(preset);
  }
};

const withDefault = (value: unknown, schema: Schema | undefined): unknown =>
  isForbiddenNull(value, schema) ? copy(defaultOf(schema) ?? null) : value;

const fillObject = (object: JsonObject, schema: Schema): void => {
  defaultProperties(object, schema);
  for (const key of Object.keys(object)) {
    const inside = fieldOf(schema, key);
    object[key] = withDefault(object[key], inside);
    fillIn(object[key], inside);
  }
};

const fillList = (list: unknown[], schema: Schema): void => {
  const inside = part(schema, 'items');
  list.forEach((item, index) => {
    list[index] = withDefault(item, inside);
    fillIn(list[index], inside);
  });
};

/** Changes the value. Objects that are not there are not created, unless they have a default of their own. */
export const fillIn = (value: unknown, schema: Schema | undefined): void => {
  if (!schema) return;
  if (Array.isArray(value)) fillList(value, schema);
  else if (isObject(value)) fillObject(value, schema);
};

/** Changes the value: a field that is null, may not be and has no default, goes. Items of lists stay. */
export const dropNulls = (value: unknown, schema: Schema | undefined): void => {
  if (Array.isArray(value)) for (const item of value) dropNulls(item, part(schema, 'items'));
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) {
    const inside = fieldOf(schema, key);
    if (isForbiddenNull(value[key], inside) && defaultOf(inside) === undefined) delete value[key];
    else dropNulls(value[key], inside);
  }
};
