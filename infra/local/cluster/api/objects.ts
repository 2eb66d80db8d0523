/** Objects as the API server handles them: known metadata, everything else as it came. */
import type { ObjectMeta } from '../../../../shared/model/kubernetes.ts';
import type { JsonObject } from './json.ts';

export interface ApiObject extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** Everything but metadata, status and type: what `metadata.generation` counts. */
export const desired = (object: ApiObject, withStatus = false): JsonObject => {
  const { apiVersion: _, kind: _kind, metadata: _metadata, ...rest } = object;
  if (!withStatus) delete rest['status'];
  return rest;
};

/** Metadata that only the server writes. */
export const SERVER_OWNED = [
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
] as const;

/** The position in the store; sorts as etcd's keys do. */
export const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;
