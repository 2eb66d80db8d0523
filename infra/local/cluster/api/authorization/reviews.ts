/** SelfSubjectAccessReview ("may I?") and SelfSubjectReview ("who am I?"): answered, never stored. */
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import type { Call } from '../call.ts';
import type { Core } from '../core.ts';
import { decode } from '../decode.ts';
import { invalid, invalidValue, methodNotAllowed } from '../errors.ts';
import { at, isObject, type JsonObject, textAt } from '../json.ts';
import type { ResourceType } from '../resourceType.ts';
import type { Access } from '../types.ts';

const isAccessReview = ({ group }: ResourceType): boolean => group === 'authorization.k8s.io';
const isUserReview = ({ group }: ResourceType): boolean => group === 'authentication.k8s.io';

export const isReview = (type: ResourceType): boolean => isAccessReview(type) || isUserReview(type);

const askedResource = (asked: JsonObject): Access => {
  const text = (field: string) => textAt(asked, field) || undefined;
  const resource = {
    group: text('group') ?? '',
    plural: text('resource') ?? '',
    subresource: text('subresource'),
    namespace: text('namespace'),
    name: text('name'),
  };
  return { verb: text('verb') ?? '', resource, path: '' };
};

const askedAccess = (call: Call, review: JsonObject): Access => {
  const resource = at(review, 'spec', 'resourceAttributes');
  const path = at(review, 'spec', 'nonResourceAttributes');
  if (isObject(resource) && path === undefined) return askedResource(resource);
  if (isObject(path) && resource === undefined)
    return { verb: textAt(path, 'verb') ?? '', path: textAt(path, 'path') ?? '' };
  const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  throw invalid({ ...call.type, kind: '' }, '', [invalidValue('spec.resourceAttributes', null, why)]);
};

/** Whoever may ask (`system:basic-user`: everybody with a token) gets an answer about themselves. */
export const review = ({ authorizer, clock }: Core, call: Call): JsonObject => {
  if (call.method !== 'POST' || call.name !== undefined) throw methodNotAllowed();
  const object = decode(call.type, call.body);
  if (isUserReview(call.type)) {
    const metadata = { creationTimestamp: wholeSeconds(clock.now()) };
    return { ...object, metadata, status: { userInfo: call.user } };
  }
  const { allowed, reason } = authorizer.decide(call.user, askedAccess(call, object));
  return { ...object, metadata: {}, status: { allowed, ...(reason !== '' && { reason }) } };
};
