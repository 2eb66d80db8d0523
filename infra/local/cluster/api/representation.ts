/** What of an object travels: all of it, or PartialObjectMetadata if the `accept` header asks for it. */
import { copy, type JsonObject } from './json.ts';
import type { ApiObject } from './objects.ts';
import { apiVersionOf, type ResourceType } from './resourceType.ts';
import { ApiError } from './types.ts';

const METADATA_API = 'meta.k8s.io/v1';

const METADATA_FORM = /^as=(PartialObjectMetadata(?:List)?)$/;

/** The first media type counts, as the client prefers it. */
const wantedForm = (accept: string | undefined): string | undefined => {
  const first = (accept ?? '').split(',')[0] ?? '';
  const parameters = first.split(';').map((parameter) => parameter.trim());
  if (!parameters.includes('g=meta.k8s.io')) return undefined;
  return parameters.flatMap((parameter) => METADATA_FORM.exec(parameter)?.[1] ?? [])[0];
};

/** The name of the type in Kubernetes' own sources, which a 406 shows. */
const goType = ({ group, kind, custom }: ResourceType, list: string): string => {
  if (custom) return `*unstructured.Unstructured${list}`;
  return `*${group === '' ? 'core' : group.split('.')[0]}.${kind}${list}`;
};

/** Throws a 406 where the metadata of one object is wanted of a list, or the other way round. */
const wantsMetadata = (type: ResourceType, accept: string | undefined, isList: boolean): boolean => {
  const form = wantedForm(accept);
  if (form === undefined) return false;
  if (form.endsWith('List') === isList) return true;
  const what = isList ? `a list (${goType(type, 'List')})` : `not a list (${goType(type, '')})`;
  throw new ApiError(406, 'NotAcceptable', `you requested ${form}, but the requested object is ${what}`);
};

const metadataOnly = (object: ApiObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: METADATA_API,
  metadata: copy(object.metadata),
});

/** The caller's own copy of an object. */
export const represent = (type: ResourceType, object: ApiObject, accept: string | undefined): JsonObject =>
  wantsMetadata(type, accept, false) ? metadataOnly(object) : copy(object);

/** Items of built-in lists carry no type of their own, as Kubernetes sends them. */
const untyped = ({ apiVersion: _, kind: _kind, ...rest }: ApiObject): JsonObject => copy(rest);

export const representList = (
  type: ResourceType,
  items: ApiObject[],
  metadata: JsonObject,
  accept: string | undefined,
): JsonObject =>
  wantsMetadata(type, accept, true)
    ? {
        kind: 'PartialObjectMetadataList',
        apiVersion: METADATA_API,
        metadata,
        items: items.map(metadataOnly),
      }
    : {
        kind: `${type.kind}List`,
        apiVersion: apiVersionOf(type),
        metadata,
        items: items.map((item) => (type.custom ? copy(item) : untyped(item))),
      };

/** A watch's BOOKMARK carries a version and no object. */
export const representBookmark = (
  type: ResourceType,
  metadata: JsonObject,
  accept: string | undefined,
): JsonObject =>
  wantsMetadata(type, accept, false)
    ? { kind: 'PartialObjectMetadata', apiVersion: METADATA_API, metadata }
    : { kind: type.kind, apiVersion: apiVersionOf(type), metadata };
