import { describe, expect, it } from 'vitest';
import { allow, deny, parseAdmissionReview } from '../../../shared/contracts/admissionReview.ts';
import {
  converted,
  notConverted,
  parseConversionReview,
} from '../../../shared/contracts/conversionReview.ts';

const pod = { metadata: { name: 'web-0' }, spec: { containers: [], unknownField: 1 } };
const request = {
  uid: 'r1',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  resource: { group: '', version: 'v1', resource: 'pods' },
  operation: 'CREATE',
  userInfo: { username: 'jane' },
  namespace: 'default',
  object: pod,
  oldObject: null,
  dryRun: true,
};
const review = (change: object = {}, outer: object = {}) => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: { ...request, ...change },
  ...outer,
});

describe('an AdmissionReview', () => {
  it('gives its request with the objects as they came', () => {
    expect(parseAdmissionReview(review())).toEqual(request);
  });

  it('reads a missing object as null, as on DELETE', () => {
    const { object: _, ...rest } = request;
    expect(parseAdmissionReview({ ...review(), request: rest }).object).toBeNull();
  });

  it.each<[string, unknown, RegExp]>([
    ['no mapping', 'x', /^body: /],
    [
      'version v1beta1',
      review({}, { apiVersion: 'admission.k8s.io/v1beta1' }),
      /^apiVersion: must be admission.k8s.io\/v1$/,
    ],
    ['another kind', review({}, { kind: 'Pod' }), /^kind: /],
    ['no request', review({}, { request: undefined }), /^request: /],
    ['no uid', review({ uid: undefined }), /^request\.uid: /],
    ['another operation', review({ operation: 'PATCH' }), /^request\.operation: /],
    ['no kind', review({ kind: undefined }), /^request\.kind: /],
    ['no resource', review({ resource: {} }), /^request\.resource\.version: /],
    ['an object without metadata', review({ object: {} }), /^request\.object\.metadata: /],
    ['an old object that is a text', review({ oldObject: 'x' }), /^request\.oldObject: /],
  ])('is refused with %s, naming the field', (_, body, problem) => {
    expect(() => parseAdmissionReview(body)).toThrow(problem);
  });
});

describe('the answer to an AdmissionReview', () => {
  it('allows without a patch where there is nothing to change', () => {
    expect(allow('r1', { patch: [], warnings: [] })).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: 'r1', allowed: true },
    });
  });

  it('carries a patch in base64 and warnings', () => {
    const patch = [{ op: 'add' as const, path: '/a', value: 'ä' }];
    const { response } = allow('r1', { patch, warnings: ['careful'] });
    expect(response).toMatchObject({ patchType: 'JSONPatch', warnings: ['careful'] });
    expect(JSON.parse(Buffer.from(response?.patch ?? '', 'base64').toString())).toEqual(patch);
  });

  it('denies with code, reason, message and the fields at fault', () => {
    const causes = [{ reason: 'FieldValueInvalid', message: 'no', field: 'spec.selector' }];
    const { response } = deny('r1', { code: 422, reason: 'Invalid', message: 'not so', causes });
    expect(response).toEqual({
      uid: 'r1',
      allowed: false,
      status: { code: 422, reason: 'Invalid', message: 'not so', details: { causes } },
    });
  });

  it('denies without details where no field is at fault', () => {
    expect(deny('r1', { code: 403, reason: 'Forbidden', message: 'no' }).response?.status).toEqual({
      code: 403,
      reason: 'Forbidden',
      message: 'no',
    });
  });
});

describe('a ConversionReview', () => {
  const object = { apiVersion: 'apps.kruise.io/v1alpha1', kind: 'SidecarSet', metadata: { name: 'a' } };
  const conversion = (change: object = {}) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'ConversionReview',
    request: { uid: 'r1', desiredAPIVersion: 'apps.kruise.io/v1beta1', objects: [object], ...change },
  });

  it('gives its request', () => {
    expect(parseConversionReview(conversion())).toEqual(conversion().request);
  });

  it.each<[string, unknown, RegExp]>([
    ['another kind', { ...conversion(), kind: 'AdmissionReview' }, /^kind: /],
    ['no uid', conversion({ uid: '' }), /^request\.uid: /],
    ['no wanted version', conversion({ desiredAPIVersion: undefined }), /^request\.desiredAPIVersion: /],
    [
      'an object without version',
      conversion({ objects: [object, { metadata: {} }] }),
      /^request\.objects\[1\]\.apiVersion: /,
    ],
  ])('is refused with %s', (_, body, problem) => {
    expect(() => parseConversionReview(body)).toThrow(problem);
  });

  it('is answered with the objects, or with why there are none', () => {
    expect(converted('r1', [object]).response).toEqual({
      uid: 'r1',
      result: { status: 'Success' },
      convertedObjects: [object],
    });
    expect(notConverted('r1', 'no').response).toEqual({
      uid: 'r1',
      result: { status: 'Failure', message: 'no' },
      convertedObjects: [],
    });
  });
});
