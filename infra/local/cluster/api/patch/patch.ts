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
export type Patch = (current: JsonObject) => JsonObject;

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
const APPLY_PATCHES = ['application/apply-patch+yaml', 'application/apply-patch+cbor'];

const asObject = (value: unknown): JsonObject => {
  if (!isObject(value)) throw unprocessable('the patched document is not an object');
  return value;
};

const jsonPatch = (body: unknown): Patch => {
  const operations = parseJsonPatch(body);
  return (current) => {
    try {
      return asObject(applyJsonPatch(current, operations));
    } catch (error) {
      throw error instanceof Error ? unprocessable(error.message) : error;
    }
  };
};

const mergePatch = (body: unknown): Patch => {
  if (!isObject(body)) throw badRequest('the body is not a merge patch: an object is expected');
  return (current) => asObject(applyMergePatch(current, body));
};

const accepted = (custom: boolean): string =>
  [JSON_PATCH, MERGE_PATCH, ...(custom ? [] : [STRATEGIC_PATCH])].join(', ');

/** Throws a 415 for server-side apply, for an unknown type and for a strategic patch of a custom resource. */
export const readPatch = (call: Call): Patch => {
  const type = (call.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  if (type === JSON_PATCH) return jsonPatch(call.body);
  if (type === MERGE_PATCH) return mergePatch(call.body);
  if (type === STRATEGIC_PATCH && !call.type.custom)
    return (current) => applyStrategicPatch(call.type.kind, current, call.body);
  if (APPLY_PATCHES.includes(type))
    throw unsupportedMediaType('server-side apply is not supported by the embedded API server');
  throw unsupportedMediaType(
    'the body of the request was in an unknown format - accepted media types include: ' +
      accepted(call.type.custom),
  );
};
