/** Reads an object of a built-in kind as Go's decoder does: fields that the type does not have are dropped and named. */
import { isObject, type JsonObject } from '../json.ts';
import { quantityFault } from '../quantity.ts';
import type { Field, Fields, Scalar, Type } from './type.ts';

/** A value of the wrong type, in the words of Go's decoder. */
export class WrongType extends Error {}

/** The struct field that a value is in: messages name it without indexes and keys. */
interface Place {
  struct: string;
  field: string;
  /** With indexes and keys: `spec.containers[0].image`. */
  path: string;
}

const jsonName = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
};

const SCALARS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['string', (value: unknown) => typeof value === 'string'],
  ['bool', (value: unknown) => typeof value === 'boolean'],
  ['double', (value: unknown) => typeof value === 'number'],
  ['int32', Number.isInteger],
  ['int64', Number.isInteger],
]);

const GO_SCALARS: ReadonlyMap<string, string> = new Map([['double', 'float64']]);

const goType = (type: Type): string => {
  if (type.is === 'list') return `[]${goType(type.item)}`;
  if (type.is === 'scalar') return GO_SCALARS.get(type.name) ?? type.name;
  if (type.is === 'fields') return type.name || `map[string]${goType(type.rest ?? type)}`;
  return 'interface {}';
};

const wrongType = (type: Type, value: unknown, { struct, field }: Place): WrongType => {
  const number = typeof value === 'number' && !Number.isInteger(value) ? ` ${value}` : '';
  const where = `Go struct field ${struct}.${field} of type ${goType(type)}`;
  return new WrongType(`json: cannot unmarshal ${jsonName(value)}${number} into ${where}`);
};

const below = (struct: Fields, { field, path, struct: outer }: Place, key: string): Place => {
  const join = (parent: string) => (parent === '' ? key : `${parent}.${key}`);
  if (!struct.fields.has(key)) return { struct: outer, field, path: join(path) };
  return { struct: struct.name.replace(/^v1\./, ''), field: join(field), path: join(path) };
};

const isEmptyList = (type: Type, value: unknown): boolean =>
  type.is === 'list' && Array.isArray(value) && value.length === 0;

const isEmptyMap = (type: Type, value: unknown): boolean =>
  type.is === 'fields' && type.rest?.is === 'scalar' && isObject(value) && Object.keys(value).length === 0;

/** Null, or an empty list or map (`omitempty`); an empty struct is there. */
const isLeftOut = (field: Field | undefined, type: Type, value: unknown): boolean =>
  value === null || (field?.required === false && (isEmptyList(type, value) || isEmptyMap(type, value)));

const siftFields = (type: Fields, value: JsonObject, place: Place, unknown: string[]): JsonObject => {
  const result: JsonObject = {};
  for (const [key, part] of Object.entries(value)) {
    const inside = below(type, place, key);
    const field = type.fields.get(key);
    const partType = field?.type ?? type.rest;
    if (!partType) unknown.push(inside.path);
    else if (!isLeftOut(field, partType, part)) result[key] = sift(partType, part, inside, unknown);
  }
  return result;
};

const siftItems = (item: Type, value: unknown[], place: Place, unknown: string[]): unknown[] =>
  value.map((part, index) =>
    part === null ? part : sift(item, part, { ...place, path: `${place.path}[${index}]` }, unknown),
  );

const checkScalar = (type: Scalar, value: unknown, place: Place): void => {
  if (SCALARS.get(type.name)?.(value) === false) throw wrongType(type, value, place);
  const fault = type.name === 'Quantity' ? quantityFault(value) : undefined;
  if (fault !== undefined) throw new WrongType(fault);
};

const sift = (type: Type, value: unknown, place: Place, unknown: string[]): unknown => {
  switch (type.is) {
    case 'free':
      return value;
    case 'scalar':
      checkScalar(type, value, place);
      return value;
    case 'list':
      if (!Array.isArray(value)) throw wrongType(type, value, place);
      return siftItems(type.item, value, place, unknown);
    case 'fields':
      if (!isObject(value)) throw wrongType(type, value, place);
      return siftFields(type, value, place, unknown);
    default:
      return type satisfies never;
  }
};

/**
 * A copy without nulls, empty lists and maps, and unknown fields, whose paths are returned beside it in the order of the document.
 * Throws a {@link WrongType}.
 */
export const siftObject = (type: Fields, body: JsonObject): { object: JsonObject; unknown: string[] } => {
  const unknown: string[] = [];
  return { object: siftFields(type, body, { struct: '', field: '', path: '' }, unknown), unknown };
};
