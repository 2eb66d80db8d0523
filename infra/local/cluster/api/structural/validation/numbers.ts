/** Bounds of numbers. A whole number is compared with bounds without their fractions, as kube-openapi does. */
import { isSet, numberAt, type Schema } from '../schema.ts';
import { type Fault, fails, fits, invalidFault, type Result } from './result.ts';

const boundFor = (value: number, bound: number): number =>
  Number.isInteger(value) ? Math.trunc(bound) : bound;

const multipleFaults = (value: number, factor: number, path: string): Fault[] => {
  const own = boundFor(value, factor);
  if (own <= 0)
    return [invalidFault(path, own, `factor MultipleOf declared for ${path} must be positive: ${own}`)];
  return Number.isInteger(value / own)
    ? []
    : [invalidFault(path, value, `${path} in body should be a multiple of ${own}`)];
};

const minimumFaults = (value: number, schema: Schema, minimum: number, path: string): Fault[] => {
  const bound = boundFor(value, minimum);
  const exclusive = isSet(schema, 'exclusiveMinimum');
  if (exclusive ? value > bound : value >= bound) return [];
  const words = exclusive ? 'greater than' : 'greater than or equal to';
  return [invalidFault(path, value, `${path} in body should be ${words} ${bound}`)];
};

const maximumFaults = (value: number, schema: Schema, maximum: number, path: string): Fault[] => {
  const bound = boundFor(value, maximum);
  const exclusive = isSet(schema, 'exclusiveMaximum');
  if (exclusive ? value < bound : value <= bound) return [];
  const words = exclusive ? 'less than' : 'less than or equal to';
  return [invalidFault(path, value, `${path} in body should be ${words} ${bound}`)];
};

export const checkNumber = (value: number, schema: Schema, path: string): Result => {
  const [factor, minimum, maximum] = ['multipleOf', 'minimum', 'maximum'].map((keyword) =>
    numberAt(schema, keyword),
  );
  const faults = [
    ...(factor === undefined ? [] : multipleFaults(value, factor, path)),
    ...(minimum === undefined ? [] : minimumFaults(value, schema, minimum, path)),
    ...(maximum === undefined ? [] : maximumFaults(value, schema, maximum, path)),
  ];
  return faults.length > 0 ? fails(...faults) : fits(1);
};
