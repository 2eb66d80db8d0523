/** What tests of an API server say and hear, whichever way they reach it. */
import type { KubernetesObject, Status } from '../../shared/model/kubernetes.ts';

export type Json = Record<string, unknown>;

/** An object as it comes back: metadata is typed, the rest is looked at by matchers. */
export interface Answered extends KubernetesObject {
  spec: Json;
  status: Json;
  data: Json;
  items: Answered[];
}

/** A body read as `kind: Status`. */
export type Failure = Status & { details: NonNullable<Status['details']> };

export const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

export type PatchType = keyof typeof PATCH_TYPES;
