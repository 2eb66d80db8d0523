import { isRecord } from '../../model/json.ts';
import type { StatusCause } from '../../model/kubernetes.ts';
import { canonicalQuantity } from '../revision/quantity.ts';
import type { Shape } from '../revision/shape.ts';
import { invalid, wrongType } from './cause.ts';

type Scalar = Exclude<Shape['kind'], 'list' | 'map' | 'struct'>;

const EXPECTED: Record<Exclude<Scalar, 'any'>, string> = {
  text: 'must be a string',
  integer: 'must be a whole number',
  flag: 'must be true or false',
  integerOrText: 'must be a whole number or a string',
  quantity: 'must be a quantity, such as 500m or 1Gi',
};

const isOfKind = (value: unknown, kind: Scalar): boolean => {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'integerOrText':
      return typeof value === 'string' || Number.isSafeInteger(value);
    case 'quantity':
      return typeof value === 'string' || typeof value === 'number';
    case 'any':
      return true;
    default:
      return kind satisfies never;
  }
};

const scalar = (value: unknown, kind: Scalar, field: string): StatusCause[] => {
  if (kind === 'any') return [];
  if (!isOfKind(value, kind)) return [wrongType(field, EXPECTED[kind])];
  if (kind === 'quantity' && canonicalQuantity(String(value)) === undefined)
    return [invalid(field, `${JSON.stringify(value)} is not a quantity`)];
  return [];
};

const items = (value: unknown, of: Shape, field: string): StatusCause[] => {
  if (!Array.isArray(value)) return [wrongType(field, 'must be a list')];
  return value.flatMap((item, index) =>
    item === null
      ? [wrongType(`${field}[${index}]`, 'must not be null')]
      : wrongTypes(item, of, `${field}[${index}]`),
  );
};

/** A key as part of a path: `a.b` for plain names, `a[x/y]` for others. */
const keyed = (field: string, key: string): string => {
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return `${field}[${key}]`;
  return field === '' ? key : `${field}.${key}`;
};

const members = (
  value: unknown,
  field: string,
  shapeOf: (key: string) => Shape | undefined,
): StatusCause[] => {
  if (!isRecord(value)) return [wrongType(field, 'must be an object')];
  return Object.entries(value).flatMap(([key, item]) => {
    const shape = shapeOf(key);
    return shape === undefined ? [] : wrongTypes(item, shape, keyed(field, key));
  });
};

/** Where a value has not the type of its field, quantities included. `null` counts as absent; unknown fields may be anything. */
export const wrongTypes = (value: unknown, shape: Shape, field: string): StatusCause[] => {
  if (value === undefined || value === null) return [];
  switch (shape.kind) {
    case 'list':
      return items(value, shape.of, field);
    case 'map':
      return members(value, field, () => shape.of);
    case 'struct':
      return members(value, field, (key) =>
        Object.hasOwn(shape.fields, key) ? shape.fields[key]?.shape : undefined,
      );
    default:
      return scalar(value, shape.kind, field);
  }
};
