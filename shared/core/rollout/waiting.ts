/** What the status says about Pods that are not where the rollout wants them. */
import type { Waiting } from '../../model/sidecarset.ts';
import { WAITING, type WaitingReason } from '../../model/waiting.ts';
import { podKey } from '../resources/pod.ts';
import type { Wait } from './plan.ts';

const MOST_NAMES = 10;

/** Counts by reason, reasons in alphabetical order, each with the first names. */
export const summarized = (waits: Wait[]): Waiting[] =>
  (Object.keys(WAITING) as WaitingReason[]).flatMap((reason) => {
    const those = waits.filter((wait) => wait.reason === reason);
    const names = those.slice(0, MOST_NAMES).map(({ pod }) => podKey(pod));
    return those.length > 0 ? [{ reason, pods: those.length, names }] : [];
  });
