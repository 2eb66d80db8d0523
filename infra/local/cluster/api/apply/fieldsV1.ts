/** Sets of fields as `metadata.managedFields[].fieldsV1` holds them: `"."` marks a member that has members below. */
import { isObject, type JsonObject } from '../json.ts';
import { byElement, elementSentence } from './element.ts';
import type { FieldSet } from './fieldSet.ts';

const IS_ELEMENT = /^[fkvi]:/;

/** Elements of a kind that is not known are left out, as a later version may have written them. */
export const readFields = (fields: unknown): FieldSet => {
  const below = new Map<string, FieldSet>();
  if (!isObject(fields)) return { member: false, below };
  for (const [element, value] of Object.entries(fields)) {
    if (!IS_ELEMENT.test(element)) continue;
    const set = readFields(value);
    const isMember = (isObject(value) && Object.hasOwn(value, '.')) || set.below.size === 0;
    below.set(element, { member: isMember, below: set.below });
  }
  return { member: false, below };
};

export const writeFields = (set: FieldSet): JsonObject => {
  const fields: JsonObject = {};
  if (set.member && set.below.size > 0) fields['.'] = {};
  for (const element of [...set.below.keys()].sort(byElement)) {
    const below = set.below.get(element);
    if (below) fields[element] = writeFields(below);
  }
  return fields;
};

/** Every member as a sentence: those of a level before what is below them. */
export const pathSentences = (set: FieldSet, prefix = ''): string[] => {
  const elements = [...set.below].sort(([left], [right]) => byElement(left, right));
  return [
    ...elements.filter(([, { member }]) => member).map(([element]) => prefix + elementSentence(element)),
    ...elements.flatMap(([element, below]) => pathSentences(below, prefix + elementSentence(element))),
  ];
};
