/** What of an object travels: all of it, or PartialObjectMetadata if the `accept` header asks for it. */
import { copy, type JsonObject } from './json.ts';
import type { ApiObject } from './objects.ts';
import { apiVersionOf, type ResourceType } from './resourceType.ts';

const METADATA_API = 'meta.k8s.io/v1';

/** The first media type counts, as the client prefers it. */
const wantsMetadata = (accept: string | undefined): boolean => {
  const first = (accept ?? '').split(',')[0] ?? '';
  const parameters = first.split(';').map((parameter) => parameter.trim());
  return (
    parameters.includes('g=meta.k8s.io') &&
    parameters.some((parameter) => /^as=PartialObjectMetadata(List)?$/.test(parameter))
  );
};

const metadataOnly = (object: ApiObject): JsonObject => ({
  kind: 'PartialObjectMetadata',
  apiVersion: METADATA_API,
  metadata: copy(object.metadata),
});

/** The caller's own copy of an object. */
export const represent = (object: ApiObject, accept: string | undefined): JsonObject =>
  wantsMetadata(accept) ? metadataOnly(object) : copy(object);

/** Items of built-in lists carry no type of their own, as Kubernetes sends them. */
const untyped = ({ apiVersion: _, kind: _kind, ...rest }: ApiObject): JsonObject => copy(rest);

export const representList = (
  type: ResourceType,
  items: ApiObject[],
  metadata: JsonObject,
  accept: string | undefined,
): JsonObject =>
  wantsMetadata(accept)
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
  wantsMetadata(accept)
    ? { kind: 'PartialObjectMetadata', apiVersion: METADATA_API, metadata }
    : { kind: type.kind, apiVersion: apiVersionOf(type), metadata };
