import type { Pod } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { isReady } from '../resources/pod.ts';
import { isConsistent } from './consistent.ts';
import { isMigrating } from './hotUpgrade.ts';

/**
 * OpenKruise's "running and ready": what may be taken down only within the budget. A Pod in which two versions of a
 * hot-upgraded container run is not.
 */
export const isServing = (set: SidecarSet, pod: Pod): boolean =>
  pod.status?.phase === 'Running' &&
  isReady(pod) &&
  pod.metadata.deletionTimestamp === undefined &&
  !isMigrating(set, pod);

/** Serving, and with the sidecars that its spec wants. */
export const isAvailable = (set: SidecarSet, pod: Pod): boolean =>
  isServing(set, pod) && isConsistent(set, pod);
