/** What a value must look like, and who may own which part of it: the typed-value model of server-side apply. */
import { isObject } from '../json.ts';

export interface Scalar {
  is: 'scalar';
  /** `string`, `int32`, `int64`, `double`, `bool`, `bytes`, `Time`, `MicroTime`, `Quantity` or `IntOrString`. */
  name: string;
}

export interface List {
  is: 'list';
  item: Type;
  /** `map`: items are told apart by `keys`; `set`: by their value; `atomic`: one owner has the whole list. */
  relation: 'atomic' | 'set' | 'map';
  keys: readonly string[];
}

export interface Field {
  type: Type;
  required: boolean;
  /** Only where a list is keyed by the field. */
  preset?: string | number;
}

/** A struct (`fields`), a map (`rest`, the type of every key's value), or both. */
export interface Fields {
  is: 'fields';
  /** `v1.PodSpec`, as messages name it; empty for a map. */
  name: string;
  /** Whose table it is in: `core`, `meta`, `apps` ... */
  group?: string;
  fields: ReadonlyMap<string, Field>;
  rest?: Type;
  /** One owner has all of it. */
  atomic: boolean;
}

/** Whatever JSON there is. Objects in it have an owner for each field unless it is `atomic`. */
export interface Free {
  is: 'free';
  atomic: boolean;
}

export type Type = Scalar | List | Fields | Free;

export const FREE: Free = { is: 'free', atomic: false };

const isNothing = (value: unknown): boolean => value === null || value === undefined;

/** Whether fields of the value can have owners of their own; a null counts as an empty object of a struct or map. */
export const hasFields = (type: Type, value: unknown): boolean => {
  if (type.is === 'fields') return !type.atomic && (isObject(value) || isNothing(value));
  return type.is === 'free' && !type.atomic && isObject(value);
};

/** Whether items of the value can have owners of their own. */
export const hasItems = (type: Type, value: unknown): type is List =>
  type.is === 'list' && type.relation !== 'atomic' && (Array.isArray(value) || isNothing(value));

/** The type of a key's value; `undefined` for a field that the struct does not have. */
export const fieldType = (type: Type, key: string): Type | undefined =>
  type.is === 'fields' ? (type.fields.get(key)?.type ?? type.rest) : FREE;

/** Whether the key is a field of a struct, as opposed to a key of a map. */
export const isDeclared = (type: Type, key: string): boolean => type.is === 'fields' && type.fields.has(key);
