/** One write of a Pod, and what became of it. A Pod that can't be written does not stop the others. */
import { slimPod } from '../../shared/core/rollout/slim.ts';
import { ClusterError, isConflict, isNotFound } from '../../shared/io/ports.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import { PODS } from '../../shared/model/resources.ts';
import type { Dependencies } from './dependencies.ts';
import { sideBySide } from './sideBySide.ts';

/**
 * `raced`: the Pod has changed since it was listed. `late`: there was no time for it. `refused`: the API server said no.
 * `blocked`: a PodDisruptionBudget said no. `throttled`: too many requests.
 */
export type Written =
  | { kind: 'written'; pod: Pod; stored: Pod }
  | { kind: 'evicted' | 'raced' | 'gone' | 'late'; pod: Pod }
  | { kind: 'throttled'; pod: Pod; seconds: number }
  | { kind: 'blocked' | 'fault'; pod: Pod; fault: unknown }
  /** `isTouched`: an earlier write of the same upgrade has taken effect. */
  | { kind: 'refused'; pod: Pod; fault: unknown; isTouched?: true };

const failure = (pod: Pod, fault: unknown): Written => {
  if (isConflict(fault)) return { kind: 'raced', pod };
  if (isNotFound(fault)) return { kind: 'gone', pod };
  if (!(fault instanceof ClusterError)) return { kind: 'fault', pod, fault };
  if (fault.causes.includes('DisruptionBudget')) return { kind: 'blocked', pod, fault };
  if (fault.code === 429) return { kind: 'throttled', pod, seconds: fault.retryAfterSeconds ?? 1 };
  return { kind: fault.code < 400 || fault.code >= 500 ? 'fault' : 'refused', pod, fault };
};

export interface PodWrite {
  pod: Pod;
  patch: unknown;
  subresource?: 'status' | 'resize';
}

/** Patches a Pod. */
export const patchPod = async (
  { cluster }: Dependencies,
  { pod, patch, subresource }: PodWrite,
): Promise<Written> => {
  const { namespace, name } = pod.metadata;
  try {
    const options = { type: 'strategic' as const, subresource };
    const stored = await cluster.patch<Pod>(PODS, { namespace, name }, patch, options);
    return { kind: 'written', pod, stored: slimPod(stored) };
  } catch (fault) {
    return failure(pod, fault);
  }
};

/** The API server's answer, code 500, for a Pod that it never lets go. */
const SEVERAL_BUDGETS = /more than one PodDisruptionBudget/;

/** Evicts a Pod. */
export const evictPod = async ({ cluster }: Dependencies, pod: Pod): Promise<Written> => {
  try {
    await cluster.evict(pod.metadata);
    return { kind: 'evicted', pod };
  } catch (fault) {
    const isNever = fault instanceof ClusterError && SEVERAL_BUDGETS.test(fault.message);
    if (isNever) return { kind: 'refused', pod, fault };
    return failure(pod, fault);
  }
};

/** Writes Pods side by side, none later than `end`. */
export const writeEach = async <Item extends { pod: Pod }>(
  { clock }: Dependencies,
  items: Item[],
  end: Date,
  write: (item: Item) => Promise<Written>,
): Promise<Written[]> => {
  const inTime = async (item: Item): Promise<Written> =>
    clock.now() > end ? { kind: 'late', pod: item.pod } : write(item);
  const results = await sideBySide(items, inTime, ({ kind }) => kind === 'throttled');
  return items.map(({ pod }, index) => results[index] ?? { kind: 'late', pod });
};

/** The Pods after the writes: as stored, and without those that are gone. */
export const afterWrites = (pods: Pod[], writes: Written[]): Pod[] => {
  const results = new Map(writes.map((written) => [written.pod, written]));
  return pods.flatMap((pod) => {
    const written = results.get(pod);
    if (written?.kind === 'gone' || written?.kind === 'evicted') return [];
    return written?.kind === 'written' ? [written.stored] : [pod];
  });
};
