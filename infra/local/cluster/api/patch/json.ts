import { applyPatch, type Operation, Pointer } from 'rfc6902';
import { badRequest } from '../errors.ts';
import { copy, isObject, type JsonObject, textAt } from '../json.ts';

const KNOWN = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

const isPath = (value: unknown): boolean =>
  typeof value === 'string' && (value === '' || value.startsWith('/')) && !value.includes('__proto__');

const isOperation = (value: unknown): value is Operation => {
  if (!isObject(value) || !isPath(value['path']) || !KNOWN.includes(textAt(value, 'op') ?? '')) return false;
  const needsFrom = value['op'] === 'move' || value['op'] === 'copy';
  return !needsFrom || isPath(value['from']);
};

const at = (holder: JsonObject, pointer: string): unknown => Pointer.fromJSON(pointer).get(holder);

/**
 * Where Kubernetes' library is laxer than the RFC: a field that is not there counts as null for `test`, `move` and
 * `copy`, `replace` adds it, and a value that is left out is null. `undefined`: there is nothing to do.
 */
const relaxed = (holder: JsonObject, operation: Operation): Operation | undefined => {
  const { op, path } = operation;
  const parent = at(holder, path.slice(0, path.lastIndexOf('/')));
  if (op === 'add' || op === 'replace' || op === 'test') {
    const value: unknown = operation.value ?? null;
    const found = at(holder, path);
    if (op === 'replace' && isObject(parent)) return { op: 'add', path, value };
    if (op === 'test' && value === null && found === undefined && isObject(parent)) return undefined;
    return { op, path, value };
  }
  if ((op === 'move' || op === 'copy') && at(holder, operation.from) === undefined)
    return { op: 'add', path, value: null };
  return operation;
};

/**
 * A JSON Patch, all or nothing, as Kubernetes applies it. Throws a plain Error with the cause when an operation fails.
 */
export const applyJsonPatch = (target: unknown, operations: Operation[]): unknown => {
  const holder = { root: copy(target) };
  for (const operation of operations) {
    const shifted = {
      ...operation,
      path: `/root${operation.path}`,
      ...('from' in operation && { from: `/root${operation.from}` }),
    };
    const step = relaxed(holder, shifted);
    const [fault] = applyPatch(holder, step ? [step] : []);
    if (fault)
      throw new Error(`${operation.op} operation does not apply: ${operation.path}: ${fault.message}`);
  }
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
