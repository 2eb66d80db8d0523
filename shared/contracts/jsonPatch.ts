import type { JsonPatchOperation } from '../model/admission.ts';
import { isRecord, sameJson } from '../model/json.ts';

/** These are compared field by field; everything else as a whole. */
const PARTS = ['metadata', 'spec'];

/** A reference token of a JSON Pointer (RFC 6901). */
const token = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

const operation = (path: string, before: unknown, after: unknown): JsonPatchOperation[] => {
  if (sameJson(before, after)) return [];
  if (after === undefined) return [{ op: 'remove', path }];
  return [{ op: before === undefined ? 'add' : 'replace', path, value: after }];
};

type Fields = Record<string, unknown>;
type Compare = (path: string, before: unknown, after: unknown) => JsonPatchOperation[];

const own = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined);

const eachField = (path: string, before: Fields, after: Fields, compare: Compare): JsonPatchOperation[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .flatMap((key) => compare(`${path}/${token(key)}`, own(before, key), own(after, key)));

const part: Compare = (path, before, after) =>
  PARTS.includes(path.slice(1)) && isRecord(before) && isRecord(after)
    ? eachField(path, before, after, operation)
    : operation(path, before, after);

/**
 * The JSON Patch (RFC 6902) that makes `after` of `before`: one operation for each changed field of `metadata` and
 * `spec`, whole fields only, sorted by path. Equal objects give an empty patch. A field that is `undefined` is absent.
 */
export const jsonPatch = (before: object, after: object): JsonPatchOperation[] =>
  eachField('', before as Fields, after as Fields, part);
