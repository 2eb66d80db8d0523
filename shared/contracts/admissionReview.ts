import type {
  AdmissionRequest,
  AdmissionResponse,
  AdmissionReview,
  JsonPatchOperation,
} from '../model/admission.ts';
import { isRecord } from '../model/json.ts';
import type { KubernetesObject, StatusCause } from '../model/kubernetes.ts';
import { type Fields, object, oneOf, text } from './parse.ts';

const API_VERSION = 'admission.k8s.io/v1';
const KIND = 'AdmissionReview';
const OPERATIONS = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const;

/** An object as the API server has validated it: only its outline is checked here. */
const parseObject = <T>(value: unknown, field: string): T | null => {
  if (value === null || value === undefined) return null;
  object(object(value, field)['metadata'], `${field}.metadata`);
  return value as T;
};

const resource = (value: unknown, field: string): Fields => {
  const fields = object(value, field);
  text(fields['version'], `${field}.version`);
  return fields;
};

/**
 * The request of an AdmissionReview. Objects pass through as the API server sent them (`null` where it sent none).
 *
 * @throws {ContractError} for another version than `admission.k8s.io/v1`, or naming the field that is missing
 */
export const parseAdmissionReview = <T extends KubernetesObject>(body: unknown): AdmissionRequest<T> => {
  const review = object(body, 'body');
  oneOf(review['apiVersion'], [API_VERSION], 'apiVersion');
  oneOf(review['kind'], [KIND], 'kind');
  const request = object(review['request'], 'request');
  const checked = {
    ...request,
    uid: text(request['uid'], 'request.uid'),
    operation: oneOf(request['operation'], OPERATIONS, 'request.operation'),
    kind: resource(request['kind'], 'request.kind'),
    resource: resource(request['resource'], 'request.resource'),
    userInfo: isRecord(request['userInfo']) ? request['userInfo'] : {},
    object: parseObject<T>(request['object'], 'request.object'),
    oldObject: parseObject<T>(request['oldObject'], 'request.oldObject'),
  };
  return checked as unknown as AdmissionRequest<T>;
};

const answer = (response: AdmissionResponse): AdmissionReview => ({
  apiVersion: API_VERSION,
  kind: KIND,
  response,
});

/** Lets the request through, changed by `patch` if it holds an operation. */
export const allow = (
  uid: string,
  options: { patch?: JsonPatchOperation[]; warnings?: string[] } = {},
): AdmissionReview => {
  const { patch = [], warnings = [] } = options;
  return answer({
    uid,
    allowed: true,
    ...(patch.length > 0 && {
      patchType: 'JSONPatch' as const,
      patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
    }),
    ...(warnings.length > 0 && { warnings }),
  });
};

/** A verdict, never a fault: `code` is a 4xx, `causes` name the fields. */
export const deny = (
  uid: string,
  refusal: { code: number; reason: string; message: string; causes?: StatusCause[] },
): AdmissionReview => {
  const { code, reason, message, causes = [] } = refusal;
  return answer({
    uid,
    allowed: false,
    status: { code, reason, message, ...(causes.length > 0 && { details: { causes } }) },
  });
};
