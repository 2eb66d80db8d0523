/** A strategic merge patch (`apimachinery/pkg/util/strategicpatch`). */
import { badRequest } from '../errors.ts';
import { copy, isObject, type JsonObject, own, textAt } from '../json.ts';
import { mergeKeyOf, mergesAsSet } from './mergeKeys.ts';
import { inOrder } from './order.ts';

const DIRECTIVE = '$patch';
const RETAIN = '$retainKeys';
const ORDER = '$setElementOrder/';
const DELETE_PRIMITIVES = '$deleteFromPrimitiveList/';

const isDirective = (key: string): boolean =>
  key === DIRECTIVE || key === RETAIN || key.startsWith(ORDER) || key.startsWith(DELETE_PRIMITIVES);

const directiveOf = (patch: JsonObject): string | undefined => {
  const directive = own(patch, DIRECTIVE);
  if (directive === undefined || directive === 'merge') return undefined;
  if (directive === 'delete' || directive === 'replace') return directive;
  throw badRequest(`unknown ${DIRECTIVE} directive: ${JSON.stringify(directive)}`);
};

const listAt = (patch: JsonObject, key: string): unknown[] => {
  const value = own(patch, key) ?? [];
  if (Array.isArray(value)) return value;
  throw badRequest(`${key} must be a list`);
};

/** What a patch adds where there was nothing: without directives and without nulls. */
const plain = (kind: string, field: string, value: unknown): unknown => {
  if (isObject(value)) return mergeObject(kind, {}, value);
  if (Array.isArray(value)) return mergeList(kind, field, [], value);
  return value;
};

const retained = (target: JsonObject, patch: JsonObject): JsonObject => {
  if (own(patch, RETAIN) === undefined) return target;
  const keep = listAt(patch, RETAIN);
  return Object.fromEntries(Object.entries(target).filter(([key]) => keep.includes(key)));
};

const mergeField = (kind: string, field: string, current: unknown, value: unknown): unknown => {
  if (isObject(value) && isObject(current)) return mergeObject(kind, current, value);
  if (Array.isArray(value) && Array.isArray(current)) return mergeList(kind, field, current, value);
  return plain(kind, field, value);
};

const withoutPrimitives = (result: JsonObject, patch: JsonObject): void => {
  for (const key of Object.keys(patch).filter((name) => name.startsWith(DELETE_PRIMITIVES))) {
    const field = key.slice(DELETE_PRIMITIVES.length);
    const gone = listAt(patch, key);
    const current = own(result, field);
    if (Array.isArray(current)) result[field] = current.filter((item) => !gone.includes(item));
  }
};

const identityOf =
  (mergeKey: string | undefined) =>
  (item: unknown): unknown =>
    mergeKey !== undefined && isObject(item) ? own(item, mergeKey) : item;

/** `$setElementOrder/<field>`: the order of the items that the caller knows. */
const reordered = (kind: string, target: JsonObject, result: JsonObject, patch: JsonObject): void => {
  for (const key of Object.keys(patch).filter((name) => name.startsWith(ORDER))) {
    const field = key.slice(ORDER.length);
    const current = own(result, field);
    const known = own(target, field);
    const before = Array.isArray(known) ? known : [];
    if (Array.isArray(current))
      result[field] = inOrder(current, listAt(patch, key), before, identityOf(mergeKeyOf(kind, field)));
  }
};

const mergeObject = (kind: string, target: JsonObject, patch: JsonObject): JsonObject => {
  const directive = directiveOf(patch);
  if (directive === 'delete') return {};
  const result: JsonObject = directive === 'replace' ? {} : { ...retained(target, patch) };
  withoutPrimitives(result, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (isDirective(key)) continue;
    if (value === null) delete result[key];
    else result[key] = mergeField(kind, key, own(result, key), value);
  }
  reordered(kind, target, result, patch);
  return result;
};

const mergeItem = (kind: string, key: string, list: JsonObject[], item: JsonObject): JsonObject[] => {
  const id = own(item, key);
  if (id === undefined)
    throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
  const found = list.findIndex((other) => own(other, key) === id);
  const current = list[found];
  if (directiveOf(item) === 'delete') return list.filter((other) => own(other, key) !== id);
  if (current === undefined) return [...list, mergeObject(kind, {}, item)];
  return list.with(found, mergeObject(kind, current, item));
};

const replacesAll = (item: unknown): boolean =>
  isObject(item) && textAt(item, DIRECTIVE) === 'replace' && Object.keys(item).length === 1;

const mergeObjects = (kind: string, key: string, target: unknown[], patch: unknown[]): JsonObject[] => {
  const start = patch.some(replacesAll) ? [] : target.filter(isObject);
  return patch
    .filter((item) => !replacesAll(item))
    .reduce<JsonObject[]>((list, item) => {
      if (!isObject(item)) throw badRequest(`a list of objects is expected, not ${JSON.stringify(item)}`);
      return mergeItem(kind, key, list, item);
    }, start);
};

const mergeList = (kind: string, field: string, target: unknown[], patch: unknown[]): unknown[] => {
  const key = mergeKeyOf(kind, field);
  if (key === undefined && !mergesAsSet(field)) return copy(patch);
  if (patch.some(replacesAll)) return mergeObjects(kind, key ?? '', target, patch);
  const merged =
    key === undefined ? [...new Set([...target, ...patch])] : mergeObjects(kind, key, target, patch);
  return inOrder(merged, patch, target, identityOf(key));
};

/** The patched object, a copy. Throws a 400 on a patch that is malformed. */
export const applyStrategicPatch = (kind: string, target: JsonObject, patch: unknown): JsonObject => {
  if (!isObject(patch)) throw badRequest('the body is not a patch: an object is expected');
  return copy(mergeObject(kind, target, patch));
};
