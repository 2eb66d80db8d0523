import type { KubernetesObject } from '../../model/kubernetes.ts';
import { wholeSeconds } from '../../model/time.ts';

/** A core/v1 Event. */
export interface ObjectEvent extends KubernetesObject {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  involvedObject: { apiVersion?: string; kind?: string; namespace?: string; name: string; uid?: string };
  source: { component: string };
  firstTimestamp: string;
  lastTimestamp: string;
  count: number;
}

export interface EventText {
  /** A second Event of the same name is refused, so a name that follows from the occasion is told once. */
  name: string;
  type: ObjectEvent['type'];
  reason: string;
  message: string;
  component: string;
}

/** Events about objects without a namespace are kept in `default`, all others beside their object. */
export const eventAbout = (
  { apiVersion, kind, metadata: { namespace, name, uid } }: KubernetesObject,
  { name: eventName, type, reason, message, component }: EventText,
  now: Date,
): ObjectEvent => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: eventName, namespace: namespace ?? 'default' },
  type,
  reason,
  message,
  involvedObject: { apiVersion, kind, namespace, name, uid },
  source: { component },
  firstTimestamp: wholeSeconds(now),
  lastTimestamp: wholeSeconds(now),
  count: 1,
});
