/** How long a start level may hold the next one back before the Pod's owner is told. */
import type { Pod } from '../../model/kubernetes.ts';
import {
  ANNOTATION_LAUNCH_OPENED,
  ANNOTATION_LAUNCH_OPENED_AT,
  ANNOTATION_LAUNCH_TIMEOUT,
} from '../../model/names.ts';

export interface Timeout {
  /** 0: never. */
  seconds: number;
  /** What the annotation says could not be read, so this is the default. */
  isUnreadable: boolean;
}

const DEFAULT_SECONDS = 300;

/** The Pod's own, or the default. */
export const launchTimeout = ({ metadata }: Pick<Pod, 'metadata'>): Timeout => {
  const text = metadata.annotations?.[ANNOTATION_LAUNCH_TIMEOUT];
  if (text === undefined) return { seconds: DEFAULT_SECONDS, isUnreadable: false };
  return /^\d{1,9}$/.test(text)
    ? { seconds: Number(text), isUnreadable: false }
    : { seconds: DEFAULT_SECONDS, isUnreadable: true };
};

/**
 * When the last level was opened. The first one is opened when the Pod is created, mostly without a record.
 * `undefined`: there is a record that can't be read.
 */
export const openedAt = ({ metadata }: Pick<Pod, 'metadata'>): Date | undefined => {
  const { annotations = {}, creationTimestamp } = metadata;
  const isRecorded = annotations[ANNOTATION_LAUNCH_OPENED] !== undefined;
  const moment = new Date((isRecorded ? annotations[ANNOTATION_LAUNCH_OPENED_AT] : creationTimestamp) ?? '');
  return Number.isNaN(moment.getTime()) ? undefined : moment;
};

/**
 * Since when the open levels can become ready: they are open, the Pod has a node, and its init containers are done.
 * What comes before is not the start order's, and Kubernetes reports it. `undefined`: not yet.
 */
const startsSince = (pod: Pod): number | undefined => {
  const opened = openedAt(pod)?.getTime();
  if (opened === undefined || !pod.spec.nodeName) return undefined;
  const initialized = pod.status?.conditions?.find(({ type }) => type === 'Initialized');
  if (initialized?.status === 'False') return undefined;
  return Math.max(opened, Date.parse(initialized?.lastTransitionTime ?? '') || opened);
};

export const isOverdue = (pod: Pod, now: Date): boolean => {
  const { seconds } = launchTimeout(pod);
  const since = startsSince(pod);
  return seconds > 0 && since !== undefined && now.getTime() - since >= seconds * 1000;
};
