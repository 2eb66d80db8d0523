import { isRecord } from '../../../shared/model/json.ts';
/**
 * EventBridge's event patterns. A list matches if any of its values does; an array in the event, if any of its elements
 * does (all conditions below an array must hold for the same element). What is not named here is refused, as a pattern
 * that is silently never true would look like a lost event.
 */

/** Whether an event, as the JSON value that EventBridge sees, matches. */
export type Matcher = (event: unknown) => boolean;

export class PatternError extends Error {
  constructor(path: string, problem: string) {
    super(`event pattern, ${path === '' ? 'top level' : path}: ${problem}`);
    this.name = 'PatternError';
  }
}

type Mapping = Record<string, unknown>;
/** Tests one value that is there. */
type Test = (value: unknown) => boolean;
/** Tests a field by its value (`undefined`: not there) and the whole event. */
type FieldTest = (value: unknown, event: unknown) => boolean;

const isScalar = (value: unknown): value is string | number | boolean | null =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

const need = <T extends string | number>(value: unknown, type: 'string' | 'number', path: string): T => {
  if (typeof value === type) return value as T;
  throw new PatternError(path, `must be a ${type}`);
};

const affix = (operator: string, argument: unknown, path: string): Test => {
  const text: string = need(argument, 'string', path);
  return (value) =>
    typeof value === 'string' && (operator === 'prefix' ? value.startsWith(text) : value.endsWith(text));
};

const COMPARISONS: Record<string, (left: number, right: number) => boolean> = {
  '=': (left, right) => left === right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

const numeric = (argument: unknown, path: string): Test => {
  if (!Array.isArray(argument) || ![2, 4].includes(argument.length)) {
    throw new PatternError(path, 'must be one or two pairs of comparison and number');
  }
  const pairs = argument.length === 2 ? [argument] : [argument.slice(0, 2), argument.slice(2)];
  const tests = pairs.map(([sign, bound]) => {
    const compare = COMPARISONS[String(sign)];
    if (!compare) throw new PatternError(path, `the comparison ${sign} is not known`);
    const limit: number = need(bound, 'number', path);
    return (value: number) => compare(value, limit);
  });
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
};

const anythingBut = (argument: unknown, path: string): Test => {
  if (isRecord(argument)) {
    const [operator, inner] = onlyEntry(argument, path);
    if (operator !== 'prefix' && operator !== 'suffix') {
      throw new PatternError(path, `the operator ${operator} is not known within anything-but`);
    }
    const test = affix(operator, inner, `${path}.${operator}`);
    return (value) => !test(value);
  }
  const excluded: unknown[] = Array.isArray(argument) ? argument : [argument];
  if (excluded.length === 0 || !excluded.every((item) => ['string', 'number'].includes(typeof item))) {
    throw new PatternError(path, 'must be texts or numbers');
  }
  return (value) => !excluded.includes(value);
};

const equalsIgnoreCase = (argument: unknown, path: string): Test => {
  const text = need<string>(argument, 'string', path).toLowerCase();
  return (value) => typeof value === 'string' && value.toLowerCase() === text;
};

const OPERATORS: Record<string, (argument: unknown, path: string) => Test> = {
  prefix: (argument, path) => affix('prefix', argument, path),
  suffix: (argument, path) => affix('suffix', argument, path),
  numeric,
  'anything-but': anythingBut,
  'equals-ignore-case': equalsIgnoreCase,
};

const onlyEntry = (mapping: Mapping, path: string): [string, unknown] => {
  const [entry, ...more] = Object.entries(mapping);
  if (entry === undefined || more.length > 0) throw new PatternError(path, 'must hold exactly one operator');
  return entry;
};

/** The scalar values at a path, through every array on the way: what EventBridge calls a leaf. */
const leaves = (value: unknown, keys: string[]): unknown[] => {
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, keys));
  const [key, ...rest] = keys;
  if (key === undefined) return isScalar(value) ? [value] : [];
  return isRecord(value) && Object.hasOwn(value, key) ? leaves(value[key], rest) : [];
};

const exists = (argument: unknown, keys: string[], path: string): FieldTest => {
  if (typeof argument !== 'boolean') throw new PatternError(path, 'must be true or false');
  return argument ? (value) => leaves(value, []).length > 0 : (_, event) => leaves(event, keys).length === 0;
};

/** True for a scalar that passes, or for an array that holds one. */
const anyLeaf =
  (test: Test): FieldTest =>
  (value) =>
    leaves(value, []).some(test);

const alternative = (item: unknown, keys: string[], path: string): FieldTest => {
  if (isScalar(item)) return anyLeaf((value) => value === item);
  if (!isRecord(item)) throw new PatternError(path, 'must be a value or an operator');
  const [operator, argument] = onlyEntry(item, path);
  if (operator === 'exists') return exists(argument, keys, `${path}.exists`);
  const compile = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (!compile) throw new PatternError(path, `the operator ${operator} is not known`);
  return anyLeaf(compile(argument, `${path}.${operator}`));
};

const field = (pattern: unknown, keys: string[]): FieldTest => {
  const path = keys.join('.');
  if (isRecord(pattern)) return object(pattern, keys);
  if (!Array.isArray(pattern) || pattern.length === 0) {
    throw new PatternError(path, 'must be a mapping or a list that is not empty');
  }
  const alternatives = pattern.map((item) => alternative(item, keys, path));
  return (value, event) => alternatives.some((test) => test(value, event));
};

const either = (pattern: unknown, keys: string[]): FieldTest => {
  const path = [...keys, '$or'].join('.');
  if (!Array.isArray(pattern) || pattern.length < 2 || !pattern.every(isRecord)) {
    throw new PatternError(path, 'must be a list of two or more mappings');
  }
  const branches = pattern.map((branch) => object(branch, keys));
  return (value, event) => branches.some((test) => test(value, event));
};

const object = (pattern: Mapping, keys: string[]): FieldTest => {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new PatternError(keys.join('.'), 'must not be empty');
  const tests = entries.map(([key, below]): FieldTest => {
    if (key === '$or') return either(below, keys);
    const test = field(below, [...keys, key]);
    return (value, event) =>
      test(isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined, event);
  });
  const all: FieldTest = (value, event) => tests.every((test) => test(value, event));
  return (value, event) =>
    Array.isArray(value) ? value.some((item) => all(item, event)) : all(value, event);
};

/** @throws {PatternError} naming the path and the operator that is not known */
export const compilePattern = (pattern: unknown): Matcher => {
  if (!isRecord(pattern)) throw new PatternError('', 'must be a mapping');
  const test = object(pattern, []);
  return (event) => test(event, event);
};
