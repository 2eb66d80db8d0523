/** The object as a mutating webhook's patch leaves it. */
import type { Operation } from 'rfc6902';
import { internal } from '../errors.ts';
import { ingest } from '../ingest.ts';
import type { ApiObject } from '../objects.ts';
import { applyJsonPatch, parseJsonPatch } from '../patch/json.ts';
import { CallFailure } from './failure.ts';
import { patchOf } from './response.ts';

export interface Patch {
  operations: Operation[];
  type: string;
}

/** @param response of a mutating webhook */
export const decodedPatch = (response: Record<string, unknown>): Patch => {
  const patch = patchOf(response);
  const type = String(response['patchType'] ?? '');
  if (patch === undefined) return { operations: [], type };
  try {
    return { operations: parseJsonPatch(JSON.parse(Buffer.from(patch, 'base64').toString('utf8'))), type };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CallFailure(`received undecodable patch in webhook response: ${why}`);
  }
};

/** A patch that does not apply fails the request whatever the failurePolicy says, as in Kubernetes. */
export const patched = (object: ApiObject, { operations, type }: Patch): unknown => {
  if (type !== 'JSONPatch') throw new CallFailure(`unsupported patch type ${JSON.stringify(type)}`);
  try {
    return ingest(applyJsonPatch(object, operations));
  } catch (error) {
    throw internal(error instanceof Error ? error.message : String(error));
  }
};
