/** Which patch a request carries, by its content type. */
import type { Call } from '../call.ts';
import { badRequest, unprocessable, unsupportedMediaType } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import { applyJsonPatch, parseJsonPatch } from './json.ts';
import { applyMergePatch } from './merge.ts';
import { applyStrategicPatch } from './strategic.ts';

/** Makes the patched object of the current one; the current one is not changed. */
export type Patch = (current: JsonObject) => JsonObject;

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
const APPLY_PATCHES = ['application/apply-patch+yaml', 'application/apply-patch+cbor'];

const asObject = (value: unknown): JsonObject => {
  if (!isObject(value)) throw unprocessable();
  return value;
};

const notUnderstood = (body: unknown, wanted: string) => {
  const found = Array.isArray(body) ? 'array' : body === null ? 'null' : typeof body;
  return badRequest(`error decoding patch: json: cannot unmarshal ${found} into Go value of type ${wanted}`);
};

/** Whatever an operation fails of is a 422 without a cause. */
const orUnprocessable = <T>(work: () => T): T => {
  try {
    return work();
  } catch {
    throw unprocessable();
  }
};

const jsonPatch = (body: unknown): Patch => {
  if (!Array.isArray(body)) throw notUnderstood(body, '[]handlers.jsonPatchOp');
  const operations = orUnprocessable(() => parseJsonPatch(body));
  return (current) => asObject(orUnprocessable(() => applyJsonPatch(current, operations)));
};

const mergePatch = (body: unknown): Patch => {
  if (!isObject(body)) throw notUnderstood(body, 'map[string]interface {}');
  return (current) => asObject(applyMergePatch(current, body));
};

/** Throws a 415 for server-side apply, for an unknown type and for a strategic patch of a custom resource. */
export const readPatch = (call: Call): Patch => {
  const type = (call.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  if (type === JSON_PATCH) return jsonPatch(call.body);
  if (type === MERGE_PATCH) return mergePatch(call.body);
  if (type === STRATEGIC_PATCH && !call.type.custom)
    return (current) => applyStrategicPatch(call.type.kind, current, call.body);
  if (APPLY_PATCHES.includes(type))
    throw unsupportedMediaType('server-side apply is not supported by the embedded API server');
  if (call.type.custom)
    throw unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: ' +
        [JSON_PATCH, MERGE_PATCH, APPLY_PATCHES[0]].join(', '),
    );
  throw unsupportedMediaType('415: Unsupported Media Type', {});
};
