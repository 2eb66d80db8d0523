/** Schemas of custom resources as OpenAPI v3 has them: for `kubectl explain`. */
import { isObject, type JsonObject } from '../api/json.ts';
import type { RegisteredResource } from '../api/types.ts';

const CONVENTIONS = 'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';

const TYPE_META = {
  apiVersion: {
    type: 'string',
    description:
      'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized ' +
      'schemas to the latest internal value, and may reject unrecognized values. More info: ' +
      `${CONVENTIONS}#resources`,
  },
  kind: {
    type: 'string',
    description:
      'Kind is a string value representing the REST resource this object represents. Servers may infer this from the ' +
      `endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ${CONVENTIONS}#types-kinds`,
  },
};

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

const texts = { type: 'object', additionalProperties: { type: 'string' } };

/** The fields that users set. */
const META_SCHEMA = {
  description:
    'ObjectMeta is metadata that all persisted resources must have, which includes all objects users must create.',
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Name must be unique within a namespace.' },
    generateName: { type: 'string', description: 'A prefix for a name that the server makes.' },
    namespace: {
      type: 'string',
      description: 'Namespace defines the space within which each name must be unique.',
    },
    labels: { ...texts, description: 'Map of string keys and values to organize and select objects.' },
    annotations: { ...texts, description: 'An unstructured key value map for arbitrary metadata.' },
    finalizers: {
      type: 'array',
      items: { type: 'string' },
      description: 'Must be empty before the object is deleted from the registry.',
    },
  },
};

const METADATA = {
  description: `Standard object's metadata. More info: ${CONVENTIONS}#metadata`,
  allOf: [{ $ref: `#/components/schemas/${OBJECT_META}` }],
};

const INT_OR_STRING = { anyOf: [{ type: 'integer' }, { type: 'string' }] };

/** Without a type of its own, int-or-string is published as the two that it stands for. */
const published = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(published);
  if (!isObject(schema)) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, published(value)]);
  const isMixed = schema['x-kubernetes-int-or-string'] === true && schema['anyOf'] === undefined;
  return { ...Object.fromEntries(entries), ...(isMixed && INT_OR_STRING) };
};

/** `com.example.group.v1.Widget` */
export const schemaName = ({ group, version, kind }: RegisteredResource): string =>
  [...group.split('.').reverse(), version, kind].join('.');

const ofKind = (resource: RegisteredResource, schema: JsonObject): object => {
  const whole = published(schema);
  const { properties, ...rest } = isObject(whole) ? whole : {};
  const { group, version, kind } = resource;
  return {
    ...rest,
    properties: { ...(isObject(properties) && properties), ...TYPE_META, metadata: METADATA },
    'x-kubernetes-group-version-kind': [{ group, kind, version }],
  };
};

/** By name; empty if none of the resources is a custom one. */
export const publishedSchemas = (resources: RegisteredResource[]): Record<string, object> => {
  const custom = resources.flatMap((resource) =>
    resource.schema ? [[schemaName(resource), ofKind(resource, resource.schema)] as const] : [],
  );
  return custom.length > 0 ? { ...Object.fromEntries(custom), [OBJECT_META]: META_SCHEMA } : {};
};
