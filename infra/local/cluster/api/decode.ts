/** JSON into an object of a kind: refused where Kubernetes' decoder fails, with defaults where it fills in. */
import type { ObjectMeta } from '../../../../shared/model/kubernetes.ts';
import { badRequest } from './errors.ts';
import { at, copy, isObject, type JsonObject, own, textAt, withoutNulls } from './json.ts';
import type { ApiObject } from './objects.ts';
import { apiVersionOf, type ResourceType, schemaOf } from './resourceType.ts';
import { siftObject, WrongType } from './schema/fields.ts';
import { typeOf } from './schema/typeOf.ts';
import { fillIn } from './structural/defaults.ts';
import { pruneMetadata } from './structural/embedded.ts';
import { shape } from './structural/fit.ts';
import type { ApiError } from './types.ts';

/** What becomes of a body that does not fit its kind. */
export interface Strictness {
  /** Fields that the kind does not have, as paths; they are dropped unless this throws. */
  unknown(fields: string[]): void;
  /** The error of a body that can't be decoded for the given reason. */
  unreadable(why: string): ApiError;
}

const unhandled = ({ kind, version }: ResourceType, why: string): ApiError =>
  badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);

export const lenient = (type: ResourceType): Strictness => ({
  unknown: () => undefined,
  unreadable: (why) => unhandled(type, why),
});

const STRINGS = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion'];
const STRING_MAPS = ['labels', 'annotations'];

/** Written back only if there is something in them (`omitempty`). */
const COLLECTIONS = [...STRING_MAPS, 'finalizers', 'ownerReferences'];

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;

const unreadable = (type: ResourceType, field: string, expected: string) =>
  unhandled(type, `json: cannot unmarshal into field ObjectMeta.${field} of type ${expected}`);

const isStringMap = (value: unknown): boolean =>
  isObject(value) && Object.values(value).every((text) => typeof text === 'string');

const isListOf = (value: unknown, check: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(check);

/** Fields that the server owns are not checked: they are overwritten. */
const checkMetadata = (type: ResourceType, metadata: JsonObject): void => {
  const present = (field: string) => own(metadata, field) !== undefined;
  for (const field of STRINGS.filter(present))
    if (typeof metadata[field] !== 'string') throw unreadable(type, field, 'string');
  for (const field of STRING_MAPS.filter(present))
    if (!isStringMap(metadata[field])) throw unreadable(type, field, 'map[string]string');
  if (present('finalizers') && !isListOf(metadata['finalizers'], (item) => typeof item === 'string'))
    throw unreadable(type, 'finalizers', '[]string');
  for (const field of ['ownerReferences', 'managedFields'].filter(present))
    if (!isListOf(metadata[field], isObject)) throw unreadable(type, field, 'a list of objects');
};

const checkType = (type: ResourceType, body: JsonObject): void => {
  const apiVersion = textAt(body, 'apiVersion') || apiVersionOf(type);
  if (apiVersion !== apiVersionOf(type))
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(type)})`,
    );
  const kind = textAt(body, 'kind') || type.kind;
  if (kind !== type.kind)
    throw badRequest(`${kind} in version "${type.version}" cannot be handled as a ${type.kind}`);
};

/** The fields that the kind has, without nulls; all fields of a custom resource. */
const known = (type: ResourceType, body: JsonObject, strictness: Strictness): JsonObject => {
  const fields = typeOf(type);
  if (type.custom) return copy(body);
  if (fields.is !== 'fields') return withoutNulls(body) as JsonObject;
  try {
    const { object, unknown } = siftObject(fields, body);
    if (unknown.length > 0) strictness.unknown(unknown);
    return object;
  } catch (error) {
    throw error instanceof WrongType ? strictness.unreadable(error.message) : error;
  }
};

/** A custom resource with the defaults of its schema and, when it comes from a client, without unknown fields. */
const settle = (
  type: ResourceType,
  object: ApiObject,
  unknownMetadata: string[],
  strictness?: Strictness,
) => {
  const schema = schemaOf(type);
  if (!schema) return;
  fillIn(object, schema);
  if (!strictness) return;
  const unknown = [...unknownMetadata.map((field) => `metadata.${field}`), ...shape(object, schema)];
  if (unknown.length > 0) strictness.unknown(unknown);
};

/**
 * A copy of the body as an object of the type, with the kind's defaults. A type that the body does not name is that of
 * the path.
 *
 * @param strictness for what a client sends; without it a custom resource keeps unknown fields until it is stored, as
 * after a webhook in Kubernetes
 */
export const decode = (type: ResourceType, body: unknown, strictness?: Strictness): ApiObject => {
  if (!isObject(body)) throw badRequest('the body must be an object');
  checkType(type, body);
  const { metadata: given, ...fields } = known(type, body, strictness ?? lenient(type));
  const metadata = withoutNulls(given ?? {});
  if (!isObject(metadata)) throw badRequest('metadata must be an object');
  checkMetadata(type, metadata);
  delete metadata['selfLink'];
  // An empty list of owners is no list left out: it asks to forget them.
  const owners = at(body, 'metadata', 'managedFields');
  if (Array.isArray(owners) && owners.length === 0) metadata['managedFields'] = [];
  const unknownMetadata = type.custom ? pruneMetadata(metadata) : [];
  for (const field of COLLECTIONS) if (isEmpty(metadata[field])) delete metadata[field];
  const object: ApiObject = {
    ...fields,
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    // Checked above, field by field.
    metadata: metadata as unknown as ObjectMeta,
  };
  type.rules.setDefaults?.(object);
  settle(type, object, unknownMetadata, strictness);
  return object;
};
