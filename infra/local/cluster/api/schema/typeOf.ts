/** The type of a resource's objects. */
import type { ResourceType } from '../resourceType.ts';
import { structuralType } from './structural.ts';
import { builtinType } from './tables.ts';
import { FREE, type Type } from './type.ts';

const custom = new WeakMap<object, Type>();

const customType = (schema: object | undefined): Type => {
  if (!schema) return FREE;
  const known = custom.get(schema);
  if (known) return known;
  const type = structuralType(schema);
  custom.set(schema, type);
  return type;
};

/** By table for a built-in kind, by its schema for a custom one; free where there is neither. */
export const typeOf = ({ group, kind, custom: isCustom, schema }: ResourceType): Type =>
  isCustom ? customType(schema) : (builtinType(group, kind) ?? FREE);
