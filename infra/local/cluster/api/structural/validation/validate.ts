/** A value against its schema, with the findings and the words of kube-openapi. */
import type { StatusCause } from '../../../../../../shared/model/kubernetes.ts';
import { equal, isObject, type JsonObject, own, stringsAt } from '../../json.ts';
import { fieldOf, numberAt, part, propertyOf, type Schema } from '../schema.ts';
import { checkAlternatives } from './alternatives.ts';
import { checkNumber } from './numbers.ts';
import { previousField, previousItem } from './previous.ts';
import {
  causesOf,
  enumFault,
  type Fault,
  fails,
  fits,
  invalidFault,
  merged,
  type Result,
  requiredFault,
  tooManyFault,
} from './result.ts';
import { checkFormat, checkString } from './strings.ts';
import { checkType, effectiveFormat, typesOf } from './types.ts';

interface Place {
  /** `spec.list[0]` */
  path: string;
  /** The value that is replaced; undefined if there is none. */
  previous: unknown;
}

const checkEnum = (value: unknown, schema: Schema, path: string): Result => {
  const values = own(schema, 'enum');
  if (!Array.isArray(values) || values.length === 0) return fits();
  return values.some((one) => equal(one, value)) ? fits() : fails(enumFault(path, value, values));
};

const sizeFaults = (size: number, schema: Schema, unit: 'Items' | 'Properties', path: string): Fault[] => {
  const [least, most] = [numberAt(schema, `min${unit}`), numberAt(schema, `max${unit}`)];
  const few = `${path} in body should have at least ${least} ${unit.toLowerCase()}`;
  return [
    ...(least !== undefined && size < least ? [invalidFault(path, size, few)] : []),
    ...(most !== undefined && size > most ? [tooManyFault(path, size, most)] : []),
  ];
};

const checkList = (list: unknown[], schema: Schema, { path, previous }: Place): Result => {
  const itemSchema = part(schema, 'items');
  const items = list.map((item, index) => {
    const place = { path: `${path}[${index}]`, previous: previousItem(previous, item, schema) };
    return itemSchema ? check(item, itemSchema, place) : fits();
  });
  return merged([...items, fails(...sizeFaults(list.length, schema, 'Items', path)), fits(1)]);
};

const forbiddenFaults = (object: JsonObject, schema: Schema, path: string): Fault[] =>
  own(schema, 'additionalProperties') === false
    ? Object.keys(object)
        .filter((key) => !propertyOf(schema, key))
        .map((key) => invalidFault(path, '', `${path}.${key} in body is a forbidden property`))
    : [];

const checkObject = (object: JsonObject, schema: Schema, { path, previous }: Place): Result => {
  const fields = Object.entries(object).map(([key, value]) => {
    const inside = fieldOf(schema, key);
    const place = { path: path === '' ? key : `${path}.${key}`, previous: previousField(previous, key) };
    return inside ? check(value, inside, place) : fits();
  });
  const missing = stringsAt(schema, 'required').filter((key) => !Object.hasOwn(object, key));
  return merged([
    fails(...sizeFaults(Object.keys(object).length, schema, 'Properties', path)),
    fails(...forbiddenFaults(object, schema, path)),
    ...fields,
    fails(...missing.map((key) => requiredFault(`${path}.${key}`))),
  ]);
};

const checkByType = (value: unknown, schema: Schema, place: Place): Result[] => {
  if (typeof value === 'number') return [checkNumber(value, schema, place.path)];
  if (Array.isArray(value)) return [checkList(value, schema, place)];
  if (isObject(value)) return [checkObject(value, schema, place)];
  if (typeof value !== 'string') return [];
  const format = effectiveFormat(schema);
  return [
    checkString(value, schema, place.path),
    ...(format === '' ? [] : [checkFormat(value, format, place.path)]),
  ];
};

const checkAll = (value: unknown, schema: Schema, place: Place): Result => {
  const typed = typesOf(schema).length > 0 || effectiveFormat(schema) !== '';
  const type = typed ? [checkType(value, schema, place.path)] : [];
  const common = checkEnum(value, schema, place.path);
  if (value === null) return merged([...type, common]);
  const alternatives = checkAlternatives(schema, (one) => check(value, one, place), place.path);
  const parts = [...type, alternatives, ...checkByType(value, schema, place), common];
  return merged([...parts, fits(parts.length + 1)]);
};

const isUnchanged = (value: unknown, { previous }: Place): boolean =>
  previous !== undefined && equal(value, previous);

const check = (value: unknown, schema: Schema, place: Place): Result => {
  const result = checkAll(value, schema, place);
  return result.faults.length > 0 && isUnchanged(value, place) ? fits(result.matches) : result;
};

/**
 * The causes of a 422.
 *
 * @param previous the value that is replaced: its unchanged parts need not fit (`CRDValidationRatcheting`)
 * @param prefix the field that the value is in; messages leave it out
 */
export const schemaCauses = (
  value: unknown,
  schema: Schema,
  { previous, prefix = '' }: { previous?: unknown; prefix?: string } = {},
): StatusCause[] => causesOf(check(value, schema, { path: '', previous }), prefix);
