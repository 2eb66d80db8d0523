/** AdmissionReview (`admission.k8s.io/v1`) and ConversionReview (`apiextensions.k8s.io/v1`) as the API server sends them. */
import type { KubernetesObject, StatusCause } from './kubernetes.ts';

export interface AdmissionRequest<T = KubernetesObject> {
  uid: string;
  kind: GroupVersionKind;
  resource: GroupVersionResource;
  subResource?: string;
  /** Empty for a CREATE with generateName (mutating review) and for a deletecollection. */
  name?: string;
  namespace?: string;
  operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  userInfo: { username?: string; groups?: string[] };
  /** `null` on DELETE. */
  object: T | null;
  /** `null` on CREATE. */
  oldObject: T | null;
  dryRun?: boolean;
}

export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

export interface GroupVersionResource {
  group: string;
  version: string;
  resource: string;
}

export interface AdmissionResponse {
  uid: string;
  allowed: boolean;
  status?: {
    code: number;
    reason?: string;
    message: string;
    details?: { name?: string; kind?: string; group?: string; causes?: StatusCause[] };
  };
  patchType?: 'JSONPatch';
  /** Base64 of a JSON Patch (RFC 6902). */
  patch?: string;
  warnings?: string[];
}

export interface AdmissionReview<T = KubernetesObject> {
  apiVersion: 'admission.k8s.io/v1';
  kind: 'AdmissionReview';
  request?: AdmissionRequest<T>;
  response?: AdmissionResponse;
}

export interface ConversionReview {
  apiVersion: 'apiextensions.k8s.io/v1';
  kind: 'ConversionReview';
  request?: { uid: string; desiredAPIVersion: string; objects: KubernetesObject[] };
  response?: {
    uid: string;
    result: { status: 'Success' | 'Failure'; message?: string };
    convertedObjects: KubernetesObject[];
  };
}

/** One operation of a JSON Patch (RFC 6902). */
export type JsonPatchOperation =
  | { op: 'add' | 'replace' | 'test'; path: string; value: unknown }
  | { op: 'remove'; path: string };
