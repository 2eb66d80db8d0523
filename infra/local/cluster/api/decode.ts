/** JSON into an object of a kind: 400 where Kubernetes' decoder fails, defaults where it fills in. */
import type { ObjectMeta } from '../../../../shared/model/kubernetes.ts';
import { badRequest } from './errors.ts';
import { copy, isObject, type JsonObject, own, textAt, withoutNulls } from './json.ts';
import type { ApiObject } from './objects.ts';
import { apiVersionOf, type ResourceType } from './resourceType.ts';

const STRINGS = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion'];
const STRING_MAPS = ['labels', 'annotations'];

/** Written back only if there is something in them (`omitempty`). */
const COLLECTIONS = [...STRING_MAPS, 'finalizers', 'ownerReferences'];

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;

const unreadable = (type: ResourceType, field: string, expected: string) =>
  badRequest(
    `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: ` +
      `json: cannot unmarshal into field ObjectMeta.${field} of type ${expected}`,
  );

const isStringMap = (value: unknown): boolean =>
  isObject(value) && Object.values(value).every((text) => typeof text === 'string');

const isListOf = (value: unknown, check: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(check);

/** Fields that the server owns or does not keep are not checked: they are overwritten. */
const checkMetadata = (type: ResourceType, metadata: JsonObject): void => {
  const present = (field: string) => own(metadata, field) !== undefined;
  for (const field of STRINGS.filter(present))
    if (typeof metadata[field] !== 'string') throw unreadable(type, field, 'string');
  for (const field of STRING_MAPS.filter(present))
    if (!isStringMap(metadata[field])) throw unreadable(type, field, 'map[string]string');
  if (present('finalizers') && !isListOf(metadata['finalizers'], (item) => typeof item === 'string'))
    throw unreadable(type, 'finalizers', '[]string');
  if (present('ownerReferences') && !isListOf(metadata['ownerReferences'], isObject))
    throw unreadable(type, 'ownerReferences', '[]v1.OwnerReference');
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

/**
 * A copy of the body as an object of the type, with the kind's defaults. A type that the body does not name is that of
 * the path. Unknown fields are kept; fields outside the metadata are not checked here.
 */
export const decode = (type: ResourceType, body: unknown): ApiObject => {
  if (!isObject(body)) throw badRequest('the body must be an object');
  checkType(type, body);
  const metadata = withoutNulls(own(body, 'metadata') ?? {});
  if (!isObject(metadata)) throw badRequest('metadata must be an object');
  checkMetadata(type, metadata);
  delete metadata['managedFields'];
  delete metadata['selfLink'];
  for (const field of COLLECTIONS) if (isEmpty(metadata[field])) delete metadata[field];
  const { metadata: _, ...fields } = body;
  const object: ApiObject = {
    ...(type.custom ? copy(fields) : (withoutNulls(fields) as JsonObject)),
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    // Checked above, field by field.
    metadata: metadata as unknown as ObjectMeta,
  };
  type.rules.setDefaults?.(object);
  return object;
};
