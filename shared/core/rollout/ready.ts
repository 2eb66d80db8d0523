import type { Pod } from '../../model/kubernetes.ts';
import { isReady } from '../resources/pod.ts';

/** OpenKruise's "running and ready": what may be taken down only within the budget. */
export const isServing = (pod: Pod): boolean =>
  pod.status?.phase === 'Running' && isReady(pod) && pod.metadata.deletionTimestamp === undefined;
