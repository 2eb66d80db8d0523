import type { Pod } from '../../../../../shared/model/kubernetes.ts';

/** The reason and the message of a Pod that the kubelet ends because its `activeDeadlineSeconds` have passed. */
export const DEADLINE_EXCEEDED = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
};

const secondsOf = ({ spec }: Pod): number | undefined =>
  'activeDeadlineSeconds' in spec && typeof spec.activeDeadlineSeconds === 'number'
    ? spec.activeDeadlineSeconds
    : undefined;

/** Milliseconds until the Pod's deadline, 0 or less once it has passed; `undefined` without one. */
export const deadlineIn = (pod: Pod, startTime: Date, now: Date): number | undefined => {
  const seconds = secondsOf(pod);
  return seconds === undefined ? undefined : startTime.getTime() + seconds * 1000 - now.getTime();
};
