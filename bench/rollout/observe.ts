/** The part of `observe`: which event a change calls for, decided by what the function itself decides by. */
import { forward } from '../../shared/core/forwarding/forward.ts';
import { setResyncEvents } from '../../shared/core/forwarding/resync.ts';
import type { AdmissionRequest } from '../../shared/model/admission.ts';
import type { ClusterEvent } from '../../shared/model/event.ts';
import type { KubernetesObject } from '../../shared/model/kubernetes.ts';
import { ANNOTATION_HASH, GROUP_ROLLOUT } from '../../shared/model/names.ts';
import type { Resource } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';

const context = () => ({ cluster: 'bench', at: new Date().toISOString() });

const operationOf = (before: unknown, after: unknown): AdmissionRequest['operation'] => {
  if (before === undefined) return 'CREATE';
  return after === undefined ? 'DELETE' : 'UPDATE';
};

/** A watch does not say who has written: nobody else changes the hash of a Pod. */
const isByRollout = (before: KubernetesObject | undefined, after: KubernetesObject | undefined): boolean => {
  const [old, now] = [before, after].map((object) => object?.metadata.annotations?.[ANNOTATION_HASH]);
  return before !== undefined && after !== undefined && old !== now;
};

const reviewOf = (
  { group, version, plural, kind }: Resource,
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
): AdmissionRequest => ({
  uid: 'bench',
  kind: { group, version, kind },
  resource: { group, version, resource: plural },
  namespace: (after ?? before)?.metadata.namespace,
  name: (after ?? before)?.metadata.name,
  operation: operationOf(before, after),
  userInfo: isByRollout(before, after) ? { groups: [GROUP_ROLLOUT] } : {},
  object: after ?? null,
  oldObject: before ?? null,
});

/** The event for rollout, `undefined` if the change calls for none. It carries the version that was replaced. */
export const eventOf = (
  resource: Resource,
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
): ClusterEvent | undefined => {
  const result = forward(reviewOf(resource, before, after), context());
  return result.kind === 'event' && result.event.calls.includes('rollout') ? result.event : undefined;
};

export const resyncEvents = (set: SidecarSet): ClusterEvent[] => setResyncEvents([set], context());
