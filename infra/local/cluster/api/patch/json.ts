import { applyPatch, type Operation } from 'rfc6902';
import { badRequest } from '../errors.ts';
import { copy, isObject, textAt } from '../json.ts';

const KNOWN = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

const isPath = (value: unknown): boolean =>
  typeof value === 'string' && (value === '' || value.startsWith('/')) && !value.includes('__proto__');

const isOperation = (value: unknown): value is Operation => {
  if (!isObject(value) || !isPath(value['path']) || !KNOWN.includes(textAt(value, 'op') ?? '')) return false;
  const needsFrom = value['op'] === 'move' || value['op'] === 'copy';
  return !needsFrom || isPath(value['from']);
};

/** A JSON Patch (RFC 6902), all or nothing. Throws a plain Error with the cause when an operation fails. */
export const applyJsonPatch = (target: unknown, operations: Operation[]): unknown => {
  const holder = { root: copy(target) };
  const shifted = operations.map((operation) => ({
    ...operation,
    path: `/root${operation.path}`,
    ...('from' in operation && { from: `/root${operation.from}` }),
  }));
  shifted.forEach((operation, index) => {
    const [fault] = applyPatch(holder, [operation]);
    if (!fault) return;
    const { op, path } = operations[index] ?? operation;
    throw new Error(`${op} operation does not apply: ${path}: ${fault.message}`);
  });
  return holder.root;
};

/** Throws a 400 if it is no list of operations. */
export const parseJsonPatch = (body: unknown): Operation[] => {
  if (!Array.isArray(body) || !body.every(isOperation))
    throw badRequest(
      'the body is not a JSON patch: an array of operations with op, path and value is expected',
    );
  return body;
};
