/** Type and metadata of objects inside objects (`x-kubernetes-embedded-resource`). */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { invalidValue, required } from '../errors.ts';
import { isObject, type JsonObject, own } from '../json.ts';
import { dns1035Fault } from '../kinds/names.ts';
import { EMBEDDED, fieldOf, isSet, part, type Schema } from './schema.ts';

const METADATA_FIELDS = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

/** Changes the metadata; returns the names of fields that no object has. */
export const pruneMetadata = (metadata: JsonObject): string[] => {
  const unknown = Object.keys(metadata).filter((key) => !METADATA_FIELDS.includes(key));
  for (const key of unknown) delete metadata[key];
  return unknown.sort();
};

/** Calls `visit` with every embedded resource and its path. */
const eachEmbedded = (
  value: unknown,
  schema: Schema | undefined,
  path: string,
  visit: (object: JsonObject, path: string) => void,
): void => {
  if (!schema) return;
  if (Array.isArray(value))
    value.forEach((item, index) => {
      eachEmbedded(item, part(schema, 'items'), `${path}[${index}]`, visit);
    });
  if (!isObject(value)) return;
  if (isSet(schema, EMBEDDED)) visit(value, path);
  for (const [key, inside] of Object.entries(value))
    eachEmbedded(inside, fieldOf(schema, key), path === '' ? key : `${path}.${key}`, visit);
};

/** Prunes the metadata of embedded resources; returns the paths of what went. */
export const pruneEmbedded = (object: JsonObject, schema: Schema): string[] => {
  const unknown: string[] = [];
  eachEmbedded(object, schema, '', (resource, path) => {
    const metadata = own(resource, 'metadata');
    if (!isObject(metadata)) return;
    unknown.push(...pruneMetadata(metadata).map((field) => `${path}.metadata.${field}`));
    if (metadata['creationTimestamp'] === null) delete metadata['creationTimestamp'];
  });
  return unknown.sort();
};

const nameFault = (name: unknown): string | undefined => {
  if (typeof name !== 'string') return undefined;
  if (name === '.' || name === '..') return `may not be '${name}'`;
  const bad = ['/', '%'].find((character) => name.includes(character));
  return bad && `may not contain '${bad}'`;
};

const typeCauses = (resource: JsonObject, key: 'apiVersion' | 'kind', path: string): StatusCause[] => {
  const field = `${path}.${key}`;
  const value = own(resource, key);
  if (value === undefined) return [required(field)];
  if (typeof value !== 'string') return [invalidValue(field, value, 'must be a string')];
  if (value === '') return [invalidValue(field, value, 'must not be empty')];
  const fault = key === 'kind' ? dns1035Fault(value.toLowerCase()) : undefined;
  return fault === undefined
    ? []
    : [invalidValue(field, value, `may have mixed case, but should otherwise match: ${fault}`)];
};

export const embeddedCauses = (object: JsonObject, schema: Schema): StatusCause[] => {
  const causes: StatusCause[] = [];
  eachEmbedded(object, schema, '', (resource, path) => {
    causes.push(...typeCauses(resource, 'apiVersion', path), ...typeCauses(resource, 'kind', path));
    const name = isObject(resource['metadata']) ? own(resource['metadata'], 'name') : undefined;
    const fault = nameFault(name);
    if (fault !== undefined) causes.push(invalidValue(`${path}.metadata.name`, name, fault));
  });
  return causes;
};
