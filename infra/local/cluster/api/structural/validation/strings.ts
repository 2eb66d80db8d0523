import { textAt } from '../../json.ts';
import { numberAt, type Schema } from '../schema.ts';
import { hasFormat } from './formats.ts';
import { fails, fits, invalidFault, type Result, tooLongFault, typeFault } from './result.ts';

const expressions = new Map<string, RegExp>();

/** Undefined for what is no expression here, though it may be one in Go. */
export const expressionOf = (pattern: string): RegExp | undefined => {
  const found = expressions.get(pattern);
  if (found) return found;
  try {
    const compiled = new RegExp(pattern, 'u');
    expressions.set(pattern, compiled);
    return compiled;
  } catch {
    return undefined;
  }
};

/** Characters, not UTF-16 units. */
const lengthOf = (text: string): number => [...text].length;

/** The first of length and pattern that does not hold. */
export const checkString = (value: string, schema: Schema, path: string): Result => {
  const [most, least] = [numberAt(schema, 'maxLength'), numberAt(schema, 'minLength')];
  const pattern = textAt(schema, 'pattern') ?? '';
  const length = lengthOf(value);
  if (most !== undefined && length > most) return fails(tooLongFault(path, most));
  if (least !== undefined && length < least)
    return fails(invalidFault(path, value, `${path} in body should be at least ${least} chars long`));
  if (pattern !== '' && !expressionOf(pattern)?.test(value))
    return fails(invalidFault(path, value, `${path} in body should match '${pattern}'`));
  return fits();
};

export const checkFormat = (value: string, format: string, path: string): Result =>
  hasFormat(value, format) ? fits() : fails(typeFault(path, format, value));
