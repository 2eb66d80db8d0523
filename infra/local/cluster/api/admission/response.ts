/** The answer of a webhook: what of it is usable, and what is not an answer (`rest.Request`, `VerifyAdmissionResponse`). */
import { at, isObject, type JsonObject, own, textAt } from '../json.ts';
import { invalidResponse, notCalled } from './failure.ts';

const SENTENCES: Record<number, string> = {
  401: 'the server has asked for the client to provide credentials',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
};

const refusal = (status: number, body: unknown): string => {
  if (textAt(body, 'kind') === 'Status') return textAt(body, 'message') ?? '';
  const known = SENTENCES[status];
  const text = (typeof body === 'string' ? body : JSON.stringify(body)).trim();
  if (known !== undefined) return known;
  if (status >= 500)
    return `an error on the server (${JSON.stringify(text || 'unknown')}) has prevented the request from succeeding`;
  return text;
};

const kindOfJson = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
};

const checkReview = (body: JsonObject): void => {
  const apiVersion = textAt(body, 'apiVersion') || 'admission.k8s.io/v1';
  const kind = textAt(body, 'kind') || 'AdmissionReview';
  if (apiVersion === 'admission.k8s.io/v1beta1' && kind === 'AdmissionReview')
    throw notCalled('converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion');
  if (apiVersion !== 'admission.k8s.io/v1' || kind !== 'AdmissionReview')
    throw notCalled(
      `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:110"`,
    );
};

const FIELDS: [string, string][] = [
  ['uid', 'string'],
  ['allowed', 'boolean'],
  ['patch', 'string'],
  ['patchType', 'string'],
];

const checkTypes = (response: JsonObject): void => {
  for (const [field, type] of FIELDS) {
    const value = own(response, field);
    if (value === undefined || value === null || typeof value === type) continue;
    const [found, wanted] = [kindOfJson(value), type === 'boolean' ? 'bool' : type];
    throw notCalled(
      `json: cannot unmarshal ${found} into Go struct field AdmissionResponse.response.${field} of type ${wanted}`,
    );
  }
};

/** Throws a CallFailure for everything but an AdmissionReview v1 with a response to this `uid`. */
export const checkedResponse = (uid: string, status: number, body: unknown): JsonObject => {
  if (status < 200 || status > 299) throw notCalled(refusal(status, body));
  if (body === '')
    throw notCalled(`0-length response with status code: ${status} and content type: application/json`);
  if (!isObject(body))
    throw notCalled(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${kindOfJson(body)} into Go value of type ` +
        'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
    );
  checkReview(body);
  const response = at(body, 'response');
  if (!isObject(response)) throw invalidResponse('webhook response was absent');
  checkTypes(response);
  const answered = textAt(response, 'uid') ?? '';
  if (answered !== uid) throw invalidResponse(`expected response.uid="${uid}", got "${answered}"`);
  return response;
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The patch of a mutating webhook's answer (base64), `undefined` if there is none. */
export const patchOf = (response: JsonObject): string | undefined => {
  const [patch, patchType] = [textAt(response, 'patch') ?? '', textAt(response, 'patchType') ?? ''];
  if (!BASE64.test(patch)) throw notCalled('illegal base64 data in response.patch');
  if (patch !== '' && patchType === '')
    throw invalidResponse('webhook returned response.patch but not response.patchType');
  if (patch === '' && patchType !== '')
    throw invalidResponse('webhook returned response.patchType but not response.patch');
  return patch === '' ? undefined : patch;
};

/** A validating webhook may not change anything. */
export const checkUnpatched = (response: JsonObject): void => {
  for (const field of ['patch', 'patchType'])
    if (textAt(response, field)) throw invalidResponse(`validating webhook may not return response.${field}`);
};
