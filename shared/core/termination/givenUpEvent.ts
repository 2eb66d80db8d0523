import type { KubernetesObject, Pod } from '../../model/kubernetes.ts';
import { wholeSeconds } from '../../model/time.ts';

/** A core/v1 Event. */
export interface PodEvent extends KubernetesObject {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  involvedObject: { apiVersion: string; kind: string; namespace?: string; name: string; uid?: string };
  source: { component: string };
  firstTimestamp: string;
  lastTimestamp: string;
  count: number;
}

/** Tells the Pod's owner that a sidecar would not end. Its name follows from the Pod's uid: a repeat creates nothing. */
export const givenUpEvent = ({ metadata }: Pod, container: string, now: Date): PodEvent => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: `${metadata.uid}.${container}.given-up`, namespace: metadata.namespace },
  type: 'Warning',
  reason: 'TerminationGivenUp',
  message: `The main containers have ended, but sidecar ${container} did not end on SIGTERM. No further signal is sent.`,
  involvedObject: {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
  },
  source: { component: 'sidecarset-serverless' },
  firstTimestamp: wholeSeconds(now),
  lastTimestamp: wholeSeconds(now),
  count: 1,
});
