import type { Pod } from '../../model/kubernetes.ts';
import { isLaunchCompleted } from '../launch/plan.ts';
import { barriers } from '../resources/barrier.ts';
import { type Change, changes } from './change.ts';

/** What decides whether a level is passed, and that a container has begun to wait. */
const progress = (pod: Pod): unknown =>
  pod.status?.containerStatuses?.map(({ name, ready, started, state }) => [
    name,
    ready,
    started,
    state?.waiting?.reason,
    state?.terminated?.exitCode,
  ]);

/** A Pod with start levels, not all of them open, was created or got on with its start. */
export const asksForLaunch = (change: Change): boolean => {
  const { before, after } = change;
  if (after === undefined || after.metadata.deletionTimestamp !== undefined) return false;
  if (isLaunchCompleted(after) || barriers(after).length === 0) return false;
  return before === undefined || changes(change, progress);
};
