/** A strategic merge patch (`apimachinery/pkg/util/strategicpatch`). */
import { badRequest } from '../errors.ts';
import { copy, isObject, type JsonObject, own } from '../json.ts';
import { ApiError } from '../types.ts';
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

/** The patch's own items must stand in the order that it asks for (`validatePatchWithSetOrderList`). */
const checkOrder = (patch: unknown[], order: unknown[], identity: (item: unknown) => unknown): void => {
  const staying = patch.filter((item) => !isObject(item) || directiveOf(item) === undefined);
  const wanted = order.map(identity);
  const places = staying.map((item) => wanted.indexOf(identity(item)));
  if (places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1))) return;
  throw new ApiError(
    500,
    '',
    `The order in patch list:\n${JSON.stringify(patch)}\n doesn't match $setElementOrder list:\n${JSON.stringify(order)}\n`,
  );
};

/** Lists that are merged: `$setElementOrder/<field>` has the items that the caller knows, else the patch itself has. */
const reordered = (kind: string, target: JsonObject, result: JsonObject, patch: JsonObject): void => {
  const asked = Object.keys(patch).filter((name) => name.startsWith(ORDER));
  const fields = asked.map((name) => name.slice(ORDER.length));
  for (const field of new Set([...fields, ...Object.keys(patch).filter((name) => !isDirective(name))])) {
    const mergeKey = mergeKeyOf(kind, field);
    const [current, before] = [own(result, field), own(target, field)];
    if (!Array.isArray(current) || !Array.isArray(before)) continue;
    if (mergeKey === undefined && !mergesAsSet(field)) continue;
    const identity = (item: unknown) => (mergeKey && isObject(item) ? own(item, mergeKey) : item);
    const order = listAt(patch, fields.includes(field) ? ORDER + field : field);
    checkOrder(listAt(patch, field), order, identity);
    result[field] = inOrder(current, { patch: order, server: before, identity });
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

/** An item that asks for it stands for the whole list: of the patch only items without a directive are left. */
const mergeObjects = (kind: string, key: string, target: unknown[], patch: unknown[]): JsonObject[] => {
  const items = patch.map((item) => {
    if (!isObject(item)) throw badRequest(`a list of objects is expected, not ${JSON.stringify(item)}`);
    return item;
  });
  if (items.some((item) => directiveOf(item) === 'replace'))
    return items.filter((item) => directiveOf(item) === undefined).map((item) => mergeObject(kind, {}, item));
  return items.reduce<JsonObject[]>(
    (list, item) => mergeItem(kind, key, list, item),
    target.filter(isObject),
  );
};

const mergeList = (kind: string, field: string, target: unknown[], patch: unknown[]): unknown[] => {
  const key = mergeKeyOf(kind, field);
  if (key !== undefined) return mergeObjects(kind, key, target, patch);
  if (mergesAsSet(field)) return [...new Set([...target, ...patch])];
  return copy(patch);
};

/** The patched object, a copy. Throws a 400 on a patch that is malformed. */
export const applyStrategicPatch = (kind: string, target: JsonObject, patch: unknown): JsonObject => {
  if (!isObject(patch)) throw badRequest('the body is not a patch: an object is expected');
  return copy(mergeObject(kind, target, patch));
};
