/** Reads an `openAPIV3Schema` as it stands in a CustomResourceDefinition. */
import { at, equal, isObject, type JsonObject, own } from '../json.ts';

export type Schema = JsonObject;

export const EMBEDDED = 'x-kubernetes-embedded-resource';
export const INT_OR_STRING = 'x-kubernetes-int-or-string';
export const LIST_TYPE = 'x-kubernetes-list-type';
export const LIST_MAP_KEYS = 'x-kubernetes-list-map-keys';
export const PRESERVE = 'x-kubernetes-preserve-unknown-fields';

export const isSet = (schema: Schema | undefined, keyword: string): boolean =>
  schema !== undefined && own(schema, keyword) === true;

/** The schema under a keyword that holds one. */
export const part = (schema: Schema | undefined, ...path: string[]): Schema | undefined => {
  const value = at(schema, ...path);
  return isObject(value) ? value : undefined;
};

export const propertyOf = (schema: Schema | undefined, key: string): Schema | undefined =>
  part(schema, 'properties', key);

/** Whether a key that no property names is allowed: `additionalProperties: false` counts as none. */
export const allowsAdditional = (schema: Schema): boolean => {
  const additional = own(schema, 'additionalProperties');
  return additional === true || isObject(additional);
};

/** The schema of a field, by its name or else by `additionalProperties`. */
export const fieldOf = (schema: Schema | undefined, key: string): Schema | undefined =>
  propertyOf(schema, key) ?? part(schema, 'additionalProperties');

export const partsAt = (schema: Schema, keyword: string): Schema[] => {
  const value = own(schema, keyword);
  return Array.isArray(value) ? value.filter(isObject) : [];
};

/** A null default is none. */
export const defaultOf = (schema: Schema | undefined): unknown => {
  const value = schema && own(schema, 'default');
  return value === null ? undefined : value;
};

export const numberAt = (schema: Schema, keyword: string): number | undefined => {
  const value = own(schema, keyword);
  return typeof value === 'number' ? value : undefined;
};

/** Whether every version has the same value there, which Kubernetes then treats as a field of the whole spec. */
export const isShared = (versions: JsonObject[], field: string): boolean => {
  const [first, ...rest] = versions.map((version) => own(version, field));
  return first !== undefined && rest.every((value) => equal(value, first));
};
