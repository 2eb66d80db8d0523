import type { Pod } from '../../../../../shared/model/kubernetes.ts';
import { isSucceeded } from '../pods.ts';

const BASE_MS = 10_000;
const LIMIT_MS = 600_000;

/** When the Pod's last container ended; for one without containers that ran, when it was made. */
const endedAt = ({ metadata, status }: Pod): number => {
  const ends = (status?.containerStatuses ?? []).map(({ state }) =>
    Date.parse(state?.terminated?.finishedAt ?? ''),
  );
  const known = ends.filter((end) => !Number.isNaN(end));
  return known.length > 0 ? Math.max(...known) : Date.parse(metadata.creationTimestamp ?? '') || 0;
};

/**
 * Milliseconds to wait before a failed Pod is replaced: 10 s after the first failure since the last success, then
 * doubled up to 10 min (the Job controller's back-off).
 */
export const replacementIn = (pods: Pod[], now: Date): number => {
  const success = Math.max(0, ...pods.filter(isSucceeded).map(endedAt));
  const failures = pods
    .filter(({ status }) => status?.phase === 'Failed')
    .map(endedAt)
    .filter((end) => end > success);
  if (failures.length === 0) return 0;
  const wait = Math.min(BASE_MS * 2 ** (failures.length - 1), LIMIT_MS);
  return Math.max(0, Math.max(...failures) + wait - now.getTime());
};
