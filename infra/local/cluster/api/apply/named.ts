import { FREE, fieldType, type Type } from '../schema/type.ts';
import type { FieldSet } from './fieldSet.ts';

const nameOf = (element: string): string | undefined =>
  element.startsWith('f:') ? element.slice(2) : undefined;

const isStructField = (type: Type, element: string): boolean => {
  const name = nameOf(element);
  return name !== undefined && type.is === 'fields' && type.fields.has(name);
};

const belowType = (type: Type, element: string): Type => {
  const name = nameOf(element);
  if (name !== undefined) return fieldType(type, name) ?? FREE;
  return type.is === 'list' ? type.item : FREE;
};

/** With every struct field that holds a member as a member itself (`EnsureNamedFieldsAreMembers`). */
export const withNamedFields = (type: Type, set: FieldSet): FieldSet => {
  const below = new Map<string, FieldSet>();
  for (const [element, part] of set.below) {
    const named = withNamedFields(belowType(type, element), part);
    const isMember = part.member || (part.below.size > 0 && isStructField(type, element));
    below.set(element, { member: isMember, below: named.below });
  }
  return { member: set.member, below };
};
