/** What a validation found, in the words of kube-openapi. */
import type { StatusCause } from '../../../../../../shared/model/kubernetes.ts';

export interface Fault {
  /** `spec.list[0]`; absent where an alternative of several schemas is the fault, which names no field. */
  path?: string;
  reason: string;
  message: string;
}

export interface Result {
  faults: Fault[];
  /** How much fitted: of several schemas that all fail, the faults of the one that fitted best are told. */
  matches: number;
}

const same = (left: Fault, right: Fault): boolean =>
  left.path === right.path && left.message === right.message;

/** One result; a fault that is there already is not told again. */
export const merged = (results: Result[]): Result => ({
  faults: results
    .flatMap(({ faults }) => faults)
    .filter((fault, index, all) => all.findIndex((other) => same(other, fault)) === index),
  matches: results.reduce((sum, { matches }) => sum + matches, 0),
});

export const fits = (matches = 0): Result => ({ faults: [], matches });
export const fails = (...faults: Fault[]): Result => ({ faults, matches: 0 });

const shown = (value: unknown): string => JSON.stringify(value) ?? '""';

export const invalidFault = (path: string, value: unknown, why: string): Fault => ({
  path,
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${shown(value)}: ${why}`,
});

export const typeFault = (path: string, expected: string, found: string): Fault => ({
  path,
  reason: 'FieldValueTypeInvalid',
  message: `Invalid value: ${shown(found)}: ${path} in body must be of type ${expected}: ${shown(found)}`,
});

export const requiredFault = (path: string): Fault => ({
  path,
  reason: 'FieldValueRequired',
  message: 'Required value',
});

export const tooManyFault = (path: string, count: number, most: number): Fault => ({
  path,
  reason: 'FieldValueTooMany',
  message: `Too many: ${count}: must have at most ${most} items`,
});

export const tooLongFault = (path: string, most: number): Fault => ({
  path,
  reason: 'FieldValueTooLong',
  message: `Too long: may not be more than ${most} ${most === 1 ? 'byte' : 'bytes'}`,
});

export const enumFault = (path: string, value: unknown, values: unknown[]): Fault => {
  const supported = values.map((one) => shown(typeof one === 'string' ? one : shown(one))).join(', ');
  const message = `Unsupported value: ${shown(value)}: supported values: ${supported}`;
  return { path, reason: 'FieldValueNotSupported', message };
};

/** A fault of `anyOf` and the like. */
export const compositeFault = (message: string): Fault => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: "": ${message}`,
});

/** `prefix` is where the validated value is in the object; empty for the whole object. */
export const causesOf = ({ faults }: Result, prefix: string): StatusCause[] =>
  faults.map(({ path = '', reason, message }) => {
    const field = [prefix, path.replace(/^\./, '')].filter((step) => step !== '').join('.');
    return { reason, message, field: field || '<nil>' };
  });
