/** A schema of Kubernetes' OpenAPI v3 documents as an entry of the embedded API server's tables. */

export interface Schema {
  type?: string;
  format?: string;
  $ref?: string;
  allOf?: { $ref: string }[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  required?: string[];
  default?: unknown;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: string;
  'x-kubernetes-patch-strategy'?: string;
  'x-kubernetes-patch-merge-key'?: string;
}

export type Schemas = Record<string, Schema>;

const SPECIAL: Readonly<Record<string, string>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'Quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'IntOrString',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'Time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'MicroTime',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'any',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'fields',
};

const refOf = ({ $ref, allOf }: Schema): string | undefined => ($ref ?? allOf?.[0]?.$ref)?.split('/').pop();

/** `io.k8s.api.core.v1.Pod`: group `core`, name `Pod`. */
export const placeOf = (component: string): { group: string; name: string } => {
  const [name = '', , group = ''] = component.split('.').reverse();
  return { group, name };
};

const keysOf = (schema: Schema): string[] => {
  if (schema['x-kubernetes-list-type'] === 'map') return schema['x-kubernetes-list-map-keys'] ?? [];
  const merges = schema['x-kubernetes-list-type'] === undefined && isMerged(schema);
  const key = schema['x-kubernetes-patch-merge-key'];
  return merges && key !== undefined ? [key] : [];
};

const isMerged = (schema: Schema): boolean => /^merge/.test(schema['x-kubernetes-patch-strategy'] ?? '');

/** Between the brackets of a list. */
const relationOf = (schema: Schema): string => {
  const keys = keysOf(schema);
  if (keys.length > 0) return keys.join('+');
  const said = schema['x-kubernetes-list-type'];
  return said === 'set' || (said === undefined && isMerged(schema)) ? '=' : '';
};

const atomic = (schema: Schema): string => (schema['x-kubernetes-map-type'] === 'atomic' ? '!' : '');

const plainType = ({ type, format }: Schema): string => {
  switch (type) {
    case 'string':
      return format === 'byte' ? 'bytes' : 'string';
    case 'integer':
      return format ?? 'int64';
    case 'number':
      return format ?? 'double';
    case 'boolean':
      return 'bool';
    default:
      throw new Error(`no table has a type like ${type} ${format}`);
  }
};

/** `keys` are the fields, as `<component>.<field>`, by which some list tells its items apart. */
export const keyFields = (schemas: Schemas): Set<string> =>
  new Set(
    Object.values(schemas)
      .flatMap(({ properties }) => Object.values(properties ?? {}))
      .flatMap((schema) => keysOf(schema).map((key) => `${refOf(schema.items ?? {})}.${key}`)),
  );

export const createToTable = (schemas: Schemas) => {
  const keys = keyFields(schemas);
  const refText = (schema: Schema, ref: string, group: string): string => {
    const target = schemas[ref];
    if (!target?.properties) return target?.type === undefined ? 'json' : 'map<json>';
    const place = placeOf(ref);
    return (place.group === group ? place.name : `${place.group}.${place.name}`) + atomic(schema);
  };
  const typeText = (schema: Schema, group: string): string => {
    const ref = refOf(schema);
    if (ref !== undefined) return SPECIAL[ref] ?? refText(schema, ref, group);
    const { items, additionalProperties: rest } = schema;
    if (items) return `${typeText(items, group)}[${relationOf(schema)}]`;
    return rest ? `map<${typeText(rest, group)}>${atomic(schema)}` : plainType(schema);
  };
  /** The entry of a component that has fields. */
  return (component: string): string => {
    const schema = schemas[component];
    const { group } = placeOf(component);
    const fields = Object.entries(schema?.properties ?? {}).map(([name, field]) => {
      const star = schema?.required?.includes(name) ? '*' : '';
      const isKey = keys.has(`${component}.${name}`) && field.default !== undefined;
      return `${name} ${typeText(field, group)}${star}${isKey ? `=${field.default}` : ''}`;
    });
    return `${schema && atomic(schema) ? '! ' : ''}${fields.join(', ')}`;
  };
};
