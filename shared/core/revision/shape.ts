/** Shapes of Go types, enough to write a value as Go does and to say where a value has the wrong type. */
import { isRecord } from '../../model/json.ts';
import { asMaps } from './goJson.ts';
import { canonicalQuantity } from './quantity.ts';

/**
 * When a struct field is written: `unlessZero` is `omitempty` on a plain value, `whenSet` is `omitempty` on a pointer,
 * `orNull` is a pointer without `omitempty`.
 */
export type Written = 'always' | 'unlessZero' | 'whenSet' | 'orNull';

export interface Field {
  shape: Shape;
  written: Written;
}

export type Shape =
  | { kind: 'text' | 'integer' | 'flag' | 'integerOrText' | 'quantity' | 'any' }
  | { kind: 'list' | 'map'; of: Shape }
  | { kind: 'struct'; fields: Record<string, Field> };

const optional = (shape: Shape): Field => ({ shape, written: 'unlessZero' });

export const TEXT: Shape = { kind: 'text' };
export const INTEGER: Shape = { kind: 'integer' };
export const FLAG: Shape = { kind: 'flag' };
export const INTEGER_OR_TEXT: Shape = { kind: 'integerOrText' };
export const QUANTITY: Shape = { kind: 'quantity' };
export const ANY: Shape = { kind: 'any' };

export const list = (of: Shape): Shape => ({ kind: 'list', of });
export const map = (of: Shape): Shape => ({ kind: 'map', of });
export const always = (shape: Shape): Field => ({ shape, written: 'always' });
export const whenSet = (shape: Shape): Field => ({ shape, written: 'whenSet' });
export const orNull = (shape: Shape): Field => ({ shape, written: 'orNull' });

/** Fields in the order of the Go type; a bare shape is written unless it is zero. */
export const struct = (fields: Record<string, Field | Shape>): Shape => ({
  kind: 'struct',
  fields: Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, 'written' in field ? field : optional(field)]),
  ),
});

const isEmptyMap = (value: unknown): boolean => isRecord(value) && Object.keys(value).length === 0;

const isZero = (value: unknown): boolean =>
  value === '' ||
  value === 0 ||
  value === false ||
  isEmptyMap(value) ||
  (Array.isArray(value) && value.length === 0);

const zero = (shape: Shape): unknown => {
  switch (shape.kind) {
    case 'text':
      return '';
    case 'integer':
    case 'integerOrText':
      return 0;
    case 'flag':
      return false;
    case 'quantity':
      return '0';
    case 'struct':
      return normal({}, shape);
    case 'list':
    case 'map':
    case 'any':
      return null;
    default:
      return shape satisfies never;
  }
};

const normalField = (value: unknown, { shape, written }: Field): unknown => {
  const set = value !== undefined && value !== null;
  if (written === 'unlessZero') return set && !isZero(value) ? normal(value, shape) : undefined;
  if (set) return normal(value, shape);
  if (written === 'always') return zero(shape);
  return written === 'orNull' ? null : undefined;
};

/** Known fields in the order of the type, then those that the type does not know, sorted. */
const normalStruct = (value: Record<string, unknown>, fields: Record<string, Field>): unknown => {
  const known = Object.entries(fields).map(([name, field]) => [name, normalField(value[name], field)]);
  const others = Object.keys(value).filter((name) => !Object.hasOwn(fields, name));
  const kept = others.sort().map((name) => [name, asMaps(value[name])]);
  return Object.fromEntries([...known, ...kept]);
};

/** The value as Go writes it after reading: for `goJson`. A field that the type does not know is kept, last. */
export const normal = (value: unknown, shape: Shape): unknown => {
  switch (shape.kind) {
    case 'quantity':
      return canonicalQuantity(String(value)) ?? value;
    case 'list':
      return Array.isArray(value) ? value.map((item) => normal(item, shape.of)) : value;
    case 'map':
      return isRecord(value)
        ? new Map(Object.entries(value).map(([key, item]) => [key, normal(item, shape.of)]))
        : value;
    case 'struct':
      return isRecord(value) ? normalStruct(value, shape.fields) : value;
    case 'any':
      return asMaps(value);
    case 'text':
    case 'integer':
    case 'flag':
    case 'integerOrText':
      return value;
    default:
      return shape satisfies never;
  }
};
