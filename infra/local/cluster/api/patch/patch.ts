/** Which patch a request carries, by its content type. */
import type { Call } from '../call.ts';
import { badRequest, unprocessable, unsupportedMediaType } from '../errors.ts';
import { isObject, type JsonObject } from '../json.ts';
import { applyJsonPatch, parseJsonPatch } from './json.ts';
import { applyMergePatch } from './merge.ts';
import { applyStrategicPatch } from './strategic.ts';

/** What messages show of a patch whose outcome is no object of the kind: the outcome, or the patch itself. */
export type PatchText = 'outcome' | 'patch';

/** Makes the patched object of the current one; the current one is not changed. */
export interface Patch {
  change(current: JsonObject): JsonObject;
  text: PatchText;
}

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
export const APPLY_PATCH = 'application/apply-patch+yaml';

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

const jsonPatch = (body: unknown): Patch['change'] => {
  if (!Array.isArray(body)) throw notUnderstood(body, '[]handlers.jsonPatchOp');
  const operations = orUnprocessable(() => parseJsonPatch(body));
  return (current) => asObject(orUnprocessable(() => applyJsonPatch(current, operations)));
};

const mergePatch = (body: unknown): Patch['change'] => {
  if (!isObject(body)) throw notUnderstood(body, 'map[string]interface {}');
  return (current) => asObject(applyMergePatch(current, body));
};

const ACCEPTED = [JSON_PATCH, MERGE_PATCH, APPLY_PATCH].join(', ');

const patchType = ({ headers }: Call): string =>
  (headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';

export const isApply = (call: Call): boolean => call.method === 'PATCH' && patchType(call) === APPLY_PATCH;

/** Throws a 415 for an unknown type and for a strategic patch of a custom resource. */
export const readPatch = (call: Call): Patch => {
  const type = patchType(call);
  if (type === JSON_PATCH) return { change: jsonPatch(call.body), text: 'outcome' };
  if (type === MERGE_PATCH) return { change: mergePatch(call.body), text: 'outcome' };
  if (type === STRATEGIC_PATCH && !call.type.custom) {
    const change = (current: JsonObject) => applyStrategicPatch(call.type.kind, current, call.body);
    return { change, text: 'patch' };
  }
  if (call.type.custom)
    throw unsupportedMediaType(
      `the body of the request was in an unknown format - accepted media types include: ${ACCEPTED}`,
    );
  throw unsupportedMediaType('415: Unsupported Media Type', {});
};
