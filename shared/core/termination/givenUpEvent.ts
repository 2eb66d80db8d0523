import type { Pod } from '../../model/kubernetes.ts';
import { eventAbout, type ObjectEvent } from '../resources/event.ts';

/** Tells the Pod's owner that a sidecar would not end. Its name follows from the Pod's uid: a repeat creates nothing. */
export const givenUpEvent = (pod: Pod, container: string, now: Date): ObjectEvent =>
  eventAbout(
    { ...pod, apiVersion: 'v1', kind: 'Pod' },
    {
      name: `${pod.metadata.uid}.${container}.given-up`,
      type: 'Warning',
      reason: 'TerminationGivenUp',
      message: `The main containers have ended, but sidecar ${container} did not end on SIGTERM. No further signal is sent.`,
      component: 'sidecarset-serverless',
    },
    now,
  );
