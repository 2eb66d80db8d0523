/** A value without the fields of a set (`typed.RemoveItems`). */
import { isObject, type JsonObject } from '../json.ts';
import { FREE, fieldType, hasFields, hasItems, type List, type Type } from '../schema/type.ts';
import { fieldElement, itemElement } from './element.ts';
import { EMPTY, type FieldSet, isEmpty } from './fieldSet.ts';

const removeItems = (list: List, items: readonly unknown[], gone: FieldSet): unknown[] | undefined => {
  const kept = items.flatMap((item) => {
    const below = gone.below.get(itemElement(list, item) ?? '') ?? EMPTY;
    if (below.member) return [];
    return [isEmpty(below) ? item : removeFrom(list.item, item, below)];
  });
  return kept.length === 0 ? undefined : kept;
};

const removeFields = (type: Type, value: JsonObject, gone: FieldSet): JsonObject | undefined => {
  const kept: JsonObject = {};
  for (const [key, part] of Object.entries(value)) {
    const below = gone.below.get(fieldElement(key)) ?? EMPTY;
    if (below.member) continue;
    const rest = isEmpty(below) ? part : removeFrom(fieldType(type, key) ?? FREE, part, below);
    if (rest !== undefined) kept[key] = rest;
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
};

/** `undefined` where nothing is left. */
const removeFrom = (type: Type, value: unknown, gone: FieldSet): unknown => {
  if (type.is === 'list')
    return hasItems(type, value) && Array.isArray(value) ? removeItems(type, value, gone) : undefined;
  if (hasFields(type, value)) return isObject(value) ? removeFields(type, value, gone) : undefined;
  return type.is === 'fields' ? undefined : value;
};

export const remove = (type: Type, value: JsonObject, gone: FieldSet): JsonObject =>
  removeFields(type, value, gone) ?? {};
