/** The set of fields that a value has (`typed.ToFieldSet`): what an applied configuration claims. */
import { isObject } from '../json.ts';
import { FREE, fieldType, hasFields, hasItems, isDeclared, type List, type Type } from '../schema/type.ts';
import { fieldElement } from './element.ts';
import { type Builder, createBuilder, type FieldSet } from './fieldSet.ts';
import { itemsByElement } from './items.ts';

type Path = readonly string[];

const addItems = (list: List, value: unknown, path: Path, to: Builder): void => {
  for (const [element, [item, ...duplicates]] of itemsByElement(list, value)) {
    const place = [...path, element];
    if (duplicates.length === 0) addValue(list.item, item, place, to);
    to.add(place);
  }
};

const isBare = (value: unknown): boolean =>
  value === null || (isObject(value) && Object.keys(value).length === 0);

const addFields = (type: Type, value: unknown, path: Path, to: Builder): void => {
  for (const [key, part] of Object.entries(isObject(value) ? value : {})) {
    const place = [...path, fieldElement(key)];
    addValue(fieldType(type, key) ?? FREE, part, place, to);
    if (isBare(part) || !isDeclared(type, key)) to.add(place);
  }
};

const addValue = (type: Type, value: unknown, path: Path, to: Builder): void => {
  if (hasItems(type, value)) addItems(type, value, path, to);
  else if (hasFields(type, value)) addFields(type, value, path, to);
  else to.add(path);
};

export const contentsOf = (type: Type, value: unknown): FieldSet => {
  const builder = createBuilder();
  addValue(type, value, [], builder);
  return builder.set();
};
