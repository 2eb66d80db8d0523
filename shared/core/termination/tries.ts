/** The record of the tries to end sidecars: an annotation on the Pod, written before each try. */
import type { Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_TERMINATION } from '../../model/names.ts';
import { wholeSeconds } from '../../model/time.ts';

export interface Try {
  strategy: 'exec';
  /** Counts from 1. */
  attempt: number;
  /** RFC 3339. */
  at: string;
  /** The signal could not be sent. */
  failed?: boolean;
}

/** By container name. */
export type Tries = Record<string, Try>;

/** A signal that could not be sent is tried again after this long. */
export const FAILED_TRY_SECONDS = 5;
const DEFAULT_GRACE_SECONDS = 30;

const isTry = (value: unknown): value is Try => {
  const { attempt, at } = (value ?? {}) as Partial<Record<keyof Try, unknown>>;
  return Number.isSafeInteger(attempt) && typeof at === 'string' && !Number.isNaN(Date.parse(at));
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The recorded tries; what can't be read counts as not tried. */
export const triesOf = ({ metadata }: Pick<Pod, 'metadata'>): Tries => {
  const record = parse(metadata.annotations?.[ANNOTATION_TERMINATION] ?? '');
  if (typeof record !== 'object' || record === null) return {};
  return Object.fromEntries(
    Object.entries(record).filter((entry): entry is [string, Try] => isTry(entry[1])),
  );
};

export const newTry = (attempt: number, now: Date): Try => ({
  strategy: 'exec',
  attempt,
  at: wholeSeconds(now),
});

/** The annotation with `changed` in it, for a merge patch of `metadata.annotations`. */
export const recordTries = (pod: Pick<Pod, 'metadata'>, changed: Tries): Record<string, string> => ({
  [ANNOTATION_TERMINATION]: JSON.stringify({ ...triesOf(pod), ...changed }),
});

/** At least a second, as the kubelet gives it. */
export const graceSeconds = (pod: Pod): number =>
  Math.max(1, pod.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS);

/** When the next try is due: a container that was signalled has its grace period, a failed try is repeated sooner. */
export const nextTryAt = (pod: Pod, { at, failed = false }: Try): Date =>
  new Date(
    Date.parse(at) + 1000 * (failed ? Math.min(FAILED_TRY_SECONDS, graceSeconds(pod)) : graceSeconds(pod)),
  );
