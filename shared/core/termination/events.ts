import type { Pod } from '../../model/kubernetes.ts';
import { eventAbout, type ObjectEvent } from '../resources/event.ts';

/**
 * Tells the Pod's owner that a sidecar would not end. Its name follows from the Pod's uid: a repeat creates nothing.
 *
 * @param why what was tried, and why the rest was not
 */
export const givenUpEvent = (pod: Pod, container: string, why: string, now: Date): ObjectEvent =>
  eventAbout(
    { ...pod, apiVersion: 'v1', kind: 'Pod' },
    {
      name: `${pod.metadata.uid}.${container}.given-up`,
      type: 'Warning',
      reason: 'TerminationGivenUp',
      message: `The main containers have ended, but sidecar ${container} does not end (${why}). Give it an exit image that its Job can bear, or the native strategy.`,
      component: 'sidecarset-serverless',
    },
    now,
  );
