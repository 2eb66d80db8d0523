/** What passes between an API server and a webhook. */
import type { Resource } from '../../shared/model/resources.ts';

/** @param request over that of a plain create, `object` in it */
export const reviewOf = ({ group, version, plural, kind }: Resource, request: object) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'review-1',
    operation: 'CREATE',
    kind: { group, version, kind },
    resource: { group, version, resource: plural },
    namespace: 'default',
    userInfo: { username: 'user', groups: [] },
    oldObject: null,
    ...request,
  },
});

export const ALLOWED = { allowed: true };

/** The response of a mutating webhook with a JSON Patch. */
export const patching = (...operations: Record<string, unknown>[]) => ({
  ...ALLOWED,
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});
