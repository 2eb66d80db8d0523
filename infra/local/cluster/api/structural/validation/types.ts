import { textAt } from '../../json.ts';
import { INT_OR_STRING, isSet, type Schema } from '../schema.ts';
import { formatOf, isKnownFormat } from './formats.ts';
import { fails, fits, type Result, typeFault } from './result.ts';

export const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

export const typesOf = (schema: Schema): string[] => {
  if (isSet(schema, INT_OR_STRING)) return ['integer', 'string'];
  const type = textAt(schema, 'type') ?? '';
  return type === '' ? [] : [type];
};

/** Formats that Kubernetes does not know, of numbers for example, count as none. */
export const effectiveFormat = (schema: Schema): string => {
  const format = textAt(schema, 'format') ?? '';
  return isKnownFormat(format) ? format : '';
};

const isTextLike = (value: unknown): boolean => typeof value === 'string' || Array.isArray(value);

const accepts = (types: string[], type: string): boolean =>
  types.includes(type) || (type === 'integer' && types.includes('number'));

/** With a format, the type of a text is the format's business. */
export const checkType = (value: unknown, schema: Schema, path: string): Result => {
  const [types, format, type] = [typesOf(schema), effectiveFormat(schema), typeOf(value)];
  if (value === null)
    return types.length === 0 || isSet(schema, 'nullable')
      ? fits(1)
      : fails(typeFault(path, types.join(','), type));
  const accepted = accepts(types, type);
  if (format !== '' && !isTextLike(value) && !accepted)
    return fails(typeFault(path, format, formatOf(value)));
  const isNumeric = types.includes('number') || types.includes('integer');
  if (format !== '' && isTextLike(value) && !isNumeric) return fits(1);
  return accepted ? fits(1) : fails(typeFault(path, types.join(','), type));
};
