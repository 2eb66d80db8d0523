/** What a controller wants done: decided purely, done by the actor in this order, up to the first failure. */
import type { KubernetesObject, ObjectMeta, Pod } from '../../../../shared/model/kubernetes.ts';
import type { Resource } from '../../../../shared/model/resources.ts';

/** The object that an action is about, or that an Event is told to. Lists give items no kind, hence the resource. */
export interface Subject {
  resource: Resource;
  metadata: ObjectMeta;
}

export type Action =
  /** The owner hears of it: SuccessfulCreate, FailedCreate. */
  | { kind: 'create-pod'; owner: Subject; pod: Pod }
  /** The owner hears of it: SuccessfulDelete. */
  | { kind: 'remove-pod'; owner: Subject; pod: Pod }
  | { kind: 'bind'; pod: ObjectMeta; node: string }
  | { kind: 'create'; resource: Resource; object: KubernetesObject }
  /** Only the object of this uid; its dependents by `policy`, else in the background. */
  | { kind: 'remove'; subject: Subject; policy?: 'Background' | 'Foreground' | 'Orphan' }
  /** JSON merge patch. */
  | { kind: 'patch'; subject: Subject; patch: Record<string, unknown> }
  /** Replaces the status of the object that was read: a conflict if it has changed since. */
  | { kind: 'status'; resource: Resource; object: KubernetesObject & { status: unknown } }
  | { kind: 'event'; on: Subject; type: 'Normal' | 'Warning'; reason: string; message: string };

export interface Plan {
  actions: Action[];
  /** Milliseconds after which to look again although nothing has changed. */
  again?: number;
}

export const NOTHING: Plan = { actions: [] };

/** The Event for a field that the embedded controllers do not honour; the object is then left alone. */
export const notSupported = (on: Subject, field: string): Action => ({
  kind: 'event',
  on,
  type: 'Warning',
  reason: 'NotSupported',
  message: `${field} is not supported by the embedded cluster; the object is left alone`,
});
