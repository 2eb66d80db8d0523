/** What a write may touch: a subresource only what is its own, any other write everything but the status. */
import type { Call } from '../call.ts';
import { decode } from '../decode.ts';
import { copy } from '../json.ts';
import { partOf } from '../kinds/podParts.ts';
import { type ApiObject, SERVER_OWNED } from '../objects.ts';
import { hasStatus } from '../resourceType.ts';
import { checkIdentity } from './preconditions.ts';

const withSystemFields = (proposed: ApiObject, current: ApiObject): ApiObject => {
  const metadata = { ...proposed.metadata };
  for (const field of SERVER_OWNED) delete metadata[field];
  for (const field of SERVER_OWNED)
    if (current.metadata[field] !== undefined) Object.assign(metadata, { [field]: current.metadata[field] });
  const { namespace, resourceVersion } = current.metadata;
  return { ...proposed, metadata: { ...metadata, ...(namespace && { namespace }), resourceVersion } };
};

const withStatus = (object: ApiObject, status: unknown): ApiObject => {
  const result = { ...object };
  delete result['status'];
  return status === undefined ? result : { ...result, status: copy(status) };
};

/** Labels and annotations too where the kind lets them pass; owners never. */
const statusWrite = ({ type }: Call, proposed: ApiObject, current: ApiObject): ApiObject => {
  const object = withStatus(copy(current), proposed['status']);
  if (!type.rules.statusTakesMetadata) return object;
  const { ownerReferences: _, ...metadata } = withSystemFields(proposed, current).metadata;
  const { ownerReferences } = current.metadata;
  return { ...object, metadata: { ...metadata, ...(ownerReferences && { ownerReferences }) } };
};

const withOwners = (object: ApiObject, { metadata: { managedFields } }: ApiObject): ApiObject => {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(managedFields && { managedFields }) } };
};

export const confined = (call: Call, proposed: ApiObject, current: ApiObject): ApiObject => {
  if (call.subresource === 'status') return withOwners(statusWrite(call, proposed, current), proposed);
  const part = partOf(call.subresource);
  if (part) return withOwners(part.taken(current, proposed), proposed);
  const object = withSystemFields(proposed, current);
  return hasStatus(call.type) ? withStatus(object, current['status']) : object;
};

/** Decodes what a client or a webhook made of the current object. */
export const settled =
  (call: Call, current: ApiObject) =>
  (value: unknown): ApiObject => {
    const proposed = decode(call.type, value);
    checkIdentity(call, proposed);
    return confined(call, proposed, current);
  };
