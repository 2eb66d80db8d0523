/** Which fields differ between two objects of a type (`typed.Compare`). */
import { equal, isObject, type JsonObject, own } from '../json.ts';
import { FREE, fieldType, hasFields, hasItems, type List, type Type } from '../schema/type.ts';
import { fieldElement } from './element.ts';
import { type Builder, createBuilder, type FieldSet } from './fieldSet.ts';
import { isHollow } from './hollow.ts';
import { itemsByElement } from './items.ts';

export interface Comparison {
  added: FieldSet;
  removed: FieldSet;
  modified: FieldSet;
}

type Builders = Record<keyof Comparison, Builder>;
type Path = readonly string[];

const compareLeaf = (left: unknown, right: unknown, path: Path, to: Builders): void => {
  if (left === undefined) to.added.add(path);
  else if (right === undefined) to.removed.add(path);
  else if (!equal(left, right)) to.modified.add(path);
};

const compareFields = (type: Type, left: JsonObject, right: JsonObject, path: Path, to: Builders): void => {
  const step = (key: string) =>
    compareValues(
      fieldType(type, key) ?? FREE,
      own(left, key),
      own(right, key),
      [...path, fieldElement(key)],
      to,
    );
  for (const key of Object.keys(left)) step(key);
  for (const key of Object.keys(right)) if (!Object.hasOwn(left, key)) step(key);
};

/** Duplicates count as one value; where they begin or end, the single item begins or ends with them. */
const compareItem = (
  type: Type,
  left: readonly unknown[],
  right: readonly unknown[],
  path: Path,
  to: Builders,
): void => {
  if (left.length <= 1 && right.length <= 1) compareValues(type, left[0], right[0], path, to);
  else if (left.length >= 2 && right.length >= 2) {
    if (!equal(left, right)) to.modified.add(path);
  } else if (left.length >= 2) {
    compareValues(type, undefined, right[0], path, to);
    to.removed.add(path);
  } else {
    compareValues(type, left[0], undefined, path, to);
    to.added.add(path);
  }
};

const compareItems = (list: List, left: unknown, right: unknown, path: Path, to: Builders): void => {
  const before = itemsByElement(list, left);
  const after = itemsByElement(list, right);
  for (const [element, items] of before)
    compareItem(list.item, items, after.get(element) ?? [], [...path, element], to);
  for (const [element, items] of after)
    if (!before.has(element)) compareItem(list.item, [], items, [...path, element], to);
};

const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {});

const compareValues = (type: Type, left: unknown, right: unknown, path: Path, to: Builders): void => {
  // Most of an object stays as it was: that is found out faster than by comparing it by its type.
  if (equal(left, right)) return;
  const isLeaf = isHollow(left) && isHollow(right);
  if (!isLeaf && hasItems(type, left) && hasItems(type, right)) compareItems(type, left, right, path, to);
  else if (!isLeaf && hasFields(type, left ?? right) && hasFields(type, right ?? left))
    compareFields(type, asObject(left), asObject(right), path, to);
  else {
    compareLeaf(left, right, path, to);
    return;
  }
  if (left === undefined) to.added.add(path);
  else if (right === undefined) to.removed.add(path);
};

export const compare = (type: Type, left: unknown, right: unknown): Comparison => {
  const to = { added: createBuilder(), removed: createBuilder(), modified: createBuilder() };
  compareValues(type, left, right, [], to);
  return { added: to.added.set(), removed: to.removed.set(), modified: to.modified.set() };
};
