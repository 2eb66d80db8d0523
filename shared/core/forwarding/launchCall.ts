import type { Pod } from '../../model/kubernetes.ts';
import { whyAtRest } from '../launch/plan.ts';
import { barriers } from '../resources/barrier.ts';
import { containerStatus } from '../resources/pod.ts';
import { type Change, changes } from './change.ts';

/** What decides whether a level is passed, and that a container has begun to wait for its own. */
const progress = (pod: Pod): unknown =>
  barriers(pod).map(({ container }) => {
    const { ready, state } = containerStatus(pod, container) ?? {};
    return [
      ready === true,
      state?.waiting?.reason === 'CreateContainerConfigError',
      state?.terminated?.exitCode,
    ];
  });

/** A Pod with start levels, not all of them open, was created or got on with its start. */
export const asksForLaunch = (change: Change): boolean => {
  const { before, after } = change;
  if (after === undefined || whyAtRest(after) !== undefined) return false;
  return before === undefined || changes(change, progress);
};
