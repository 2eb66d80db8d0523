/** The schemas of the OpenAPI v3 documents, which `kubectl explain` shows: fields and types, without descriptions. */

import { builtinType } from '../api/schema/tables.ts';
import type { Fields, List, Type } from '../api/schema/type.ts';
import type { RegisteredResource } from '../api/types.ts';
import { customName, customSchema } from './openapiCustom.ts';

type Schemas = Record<string, object>;

const ROOTS: Readonly<Record<string, string>> = {
  meta: 'io.k8s.apimachinery.pkg.apis.meta',
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
};

const SCALARS: Readonly<Record<string, object>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  bytes: { type: 'string', format: 'byte' },
  Time: { type: 'string', format: 'date-time' },
  MicroTime: { type: 'string', format: 'date-time' },
  Quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  IntOrString: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
};

const componentOf = ({ group = '', name }: Fields): string =>
  `${ROOTS[group] ?? `io.k8s.api.${group}`}.${name}`;

const listExtensions = ({ relation, keys }: List) => ({
  'x-kubernetes-list-type': relation,
  ...(keys.length > 0 && { 'x-kubernetes-list-map-keys': keys }),
});

const atomicMap = ({ atomic }: Fields) => (atomic ? { 'x-kubernetes-map-type': 'atomic' } : {});

/** Adds the structs that it refers to. */
const schemaOf = (type: Type, schemas: Schemas): object => {
  switch (type.is) {
    case 'scalar':
      return SCALARS[type.name] ?? {};
    case 'list':
      return { type: 'array', items: schemaOf(type.item, schemas), ...listExtensions(type) };
    case 'free':
      return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    case 'fields':
      if (type.name !== '') return { allOf: [{ $ref: `#/components/schemas/${addStruct(type, schemas)}` }] };
      return {
        type: 'object',
        additionalProperties: type.rest ? schemaOf(type.rest, schemas) : true,
        ...atomicMap(type),
      };
    default:
      return type satisfies never;
  }
};

/** Returns the name under which the struct is found. */
const addStruct = (type: Fields, schemas: Schemas, more: object = {}): string => {
  const component = componentOf(type);
  if (schemas[component]) return component;
  // Structs refer to themselves: the name is taken before the fields are read.
  const properties: Record<string, object> = {};
  const fields = [...type.fields];
  const required = fields.filter(([, field]) => field.required).map(([name]) => name);
  schemas[component] = {
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    ...atomicMap(type),
    ...more,
  };
  for (const [name, field] of fields) properties[name] = schemaOf(field.type, schemas);
  return component;
};

const METADATA = builtinType('meta', 'ObjectMeta');

const addCustom = (resource: RegisteredResource, schemas: Schemas): void => {
  if (METADATA?.is === 'fields')
    schemas[customName(resource)] = customSchema(resource, addStruct(METADATA, schemas));
};

/** By component name, for the kinds of one group and version. */
export const schemasOf = (resources: readonly RegisteredResource[]): Schemas => {
  const schemas: Schemas = {};
  for (const resource of resources) {
    const { group, version, kind } = resource;
    const more = { 'x-kubernetes-group-version-kind': [{ group, version, kind }] };
    const type = resource.schema ? undefined : builtinType(group, kind);
    if (type) addStruct(type, schemas, more);
    else addCustom(resource, schemas);
  }
  return schemas;
};
