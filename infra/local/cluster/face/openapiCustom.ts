/** Schemas of custom resources as OpenAPI v3 has them: for `kubectl explain`. */
import { isObject } from '../api/json.ts';
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
export const customName = ({ group, version, kind }: RegisteredResource): string =>
  [...group.split('.').reverse(), version, kind].join('.');

/** @param objectMeta component that describes the metadata */
export const customSchema = (
  { group, version, kind, schema }: RegisteredResource,
  objectMeta: string,
): object => {
  const whole = published(schema);
  const { properties, ...rest } = isObject(whole) ? whole : {};
  const metadata = {
    description: `Standard object's metadata. More info: ${CONVENTIONS}#metadata`,
    allOf: [{ $ref: `#/components/schemas/${objectMeta}` }],
  };
  return {
    type: 'object',
    ...rest,
    properties: { ...(isObject(properties) && properties), ...TYPE_META, metadata },
    'x-kubernetes-group-version-kind': [{ group, kind, version }],
  };
};
