/** The structural schema of a custom resource as a type. */
import { isObject, type JsonObject, own, stringsAt, textAt } from '../json.ts';
import { builtinType } from './tables.ts';
import { type Field, type Fields, FREE, type Type } from './type.ts';

const SCALARS: ReadonlyMap<string, string> = new Map([
  ['boolean', 'bool'],
  ['integer', 'int64'],
  ['number', 'double'],
  ['string', 'string'],
]);

const RELATIONS = ['set', 'map'] as const;

const listType = (schema: JsonObject, keepsUnknown: boolean): Type => {
  const said = textAt(schema, 'x-kubernetes-list-type');
  return {
    is: 'list',
    item: readSchema(own(schema, 'items'), keepsUnknown),
    relation: RELATIONS.find((relation) => relation === said) ?? 'atomic',
    keys: stringsAt(schema, 'x-kubernetes-list-map-keys'),
  };
};

const presetOf = (schema: unknown): { preset?: string | number } => {
  const value = isObject(schema) ? own(schema, 'default') : undefined;
  return typeof value === 'string' || typeof value === 'number' ? { preset: value } : {};
};

const restOf = (schema: JsonObject, keepsUnknown: boolean): { rest?: Type } => {
  const rest = own(schema, 'additionalProperties');
  if (isObject(rest)) return { rest: readSchema(rest, keepsUnknown) };
  const isOpen = keepsUnknown || !isObject(own(schema, 'properties'));
  return rest === true || isOpen ? { rest: FREE } : {};
};

const fieldsType = (schema: JsonObject, keepsUnknown: boolean): Fields => {
  const properties = own(schema, 'properties');
  const required = stringsAt(schema, 'required');
  const fields = Object.entries(isObject(properties) ? properties : {}).map(
    ([name, value]): [string, Field] => [
      name,
      { type: readSchema(value, keepsUnknown), required: required.includes(name), ...presetOf(value) },
    ],
  );
  return {
    is: 'fields',
    name: '',
    fields: new Map(fields),
    ...restOf(schema, keepsUnknown),
    atomic: textAt(schema, 'x-kubernetes-map-type') === 'atomic',
  };
};

/** Unknown fields are kept below a schema that keeps them, so their owners are told apart as well. */
const readSchema = (schema: unknown, above: boolean): Type => {
  if (!isObject(schema)) return FREE;
  const keepsUnknown = above || own(schema, 'x-kubernetes-preserve-unknown-fields') === true;
  if (own(schema, 'x-kubernetes-int-or-string') === true) return { is: 'scalar', name: 'IntOrString' };
  const name = textAt(schema, 'type');
  if (name === 'array') return listType(schema, keepsUnknown);
  if (name === 'object' || isObject(own(schema, 'properties'))) return fieldsType(schema, keepsUnknown);
  const scalar = name === undefined ? undefined : SCALARS.get(name);
  return scalar === undefined ? FREE : { is: 'scalar', name: scalar };
};

/** The type of a whole object; its metadata is the server's. */
export const structuralType = (schema: unknown): Type => {
  const type = readSchema(schema, false);
  if (type.is !== 'fields') return FREE;
  const metadata = builtinType('meta', 'ObjectMeta');
  const text: Field = { type: { is: 'scalar', name: 'string' }, required: false };
  const fields = new Map([...type.fields, ['apiVersion', text] as const, ['kind', text] as const]);
  if (metadata) fields.set('metadata', { type: metadata, required: false });
  return { ...type, fields };
};
