/** The Pod writes of a run, side by side. A Pod that can't be written does not stop the others. */
import { podPatch } from '../../shared/core/rollout/podPatch.ts';
import { ClusterError, isConflict, isNotFound } from '../../shared/io/ports.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import { PODS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import type { Dependencies } from './dependencies.ts';
import { sideBySide } from './sideBySide.ts';

/** What became of one write. `raced`: the Pod has changed since it was listed. `refused`: the API server said no. */
export type Written =
  | { kind: 'written'; pod: Pod; stored: Pod }
  | { kind: 'raced' | 'gone' | 'late'; pod: Pod }
  | { kind: 'refused' | 'fault'; pod: Pod; fault: unknown };

export const WIDTH = 16;

const failure = (pod: Pod, fault: unknown): Written => {
  if (isConflict(fault)) return { kind: 'raced', pod };
  if (isNotFound(fault)) return { kind: 'gone', pod };
  const isOurs =
    !(fault instanceof ClusterError) || fault.code < 400 || fault.code === 429 || fault.code >= 500;
  return { kind: isOurs ? 'fault' : 'refused', pod, fault };
};

/**
 * Patches one Pod, unless it is later than `end`.
 *
 * @param subresource `status` for its conditions
 */
export const writePod = async (
  { cluster, clock }: Dependencies,
  pod: Pod,
  patch: unknown,
  { end, subresource }: { end: Date; subresource?: 'status' },
): Promise<Written> => {
  if (clock.now() > end) return { kind: 'late', pod };
  const { namespace, name } = pod.metadata;
  try {
    const stored = await cluster.patch<Pod>(PODS, { namespace, name }, patch, {
      type: 'strategic',
      subresource,
    });
    return { kind: 'written', pod, stored };
  } catch (fault) {
    return failure(pod, fault);
  }
};

/** Upgrades the Pods in place, none later than `end`. */
export const upgradePods = (
  dependencies: Dependencies,
  set: SidecarSet,
  { pods, revision, end }: { pods: Pod[]; revision: string; end: Date },
): Promise<Written[]> =>
  sideBySide(pods, WIDTH, (pod) =>
    writePod(dependencies, pod, podPatch(set, pod, revision, dependencies.clock.now()), { end }),
  );

/** The Pods after the writes: as stored, and without those that are gone. */
export const afterWrites = (pods: Pod[], writes: Written[]): Pod[] => {
  const results = new Map(writes.map((written) => [written.pod, written]));
  return pods.flatMap((pod) => {
    const written = results.get(pod);
    if (written?.kind === 'gone') return [];
    return written?.kind === 'written' ? [written.stored] : [pod];
  });
};
