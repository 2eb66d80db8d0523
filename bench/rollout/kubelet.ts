/** A kubelet for every node: it runs nothing, and reports that it does. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../../shared/io/ports.ts';
import type { Pod, PodStatus } from '../../shared/model/kubernetes.ts';
import { PODS } from '../../shared/model/resources.ts';
import { createLanes, patiently } from '../support/patience.ts';
import { downStatus, outdated, upStatus } from './podStatus.ts';

export interface KubeletOptions {
  cluster: Cluster;
  /** Connections. */
  workers: number;
  /** Yields a number in [0, 1). */
  random: () => number;
  /** A container is back after 0 to this many seconds, evenly spread. */
  restartSeconds: number;
  /** Whether a restarting container is reported as not ready before it is back. */
  showsDown: boolean;
  signal: AbortSignal;
  onFault: (fault: unknown) => void;
}

export interface Kubelet {
  /** A Pod of its nodes, whenever it has changed. */
  take(pod: Pod): void;
}

export const createKubelet = (options: KubeletOptions): Kubelet => {
  const { cluster, workers, random, restartSeconds, showsDown, signal, onFault } = options;
  const inLane = createLanes(workers);
  const busy = new Set<string>();
  /** By uid, the version of the Pod that the last report has made: older news of it are no news. */
  const reported = new Map<string, bigint>();

  const write = ({ metadata: { namespace, name, uid } }: Pod, status: PodStatus): Promise<Pod> =>
    inLane(() =>
      patiently(
        () =>
          cluster.patch<Pod>(
            PODS,
            { namespace, name },
            { metadata: { uid }, status },
            { type: 'strategic', subresource: 'status' },
          ),
        signal,
      ),
    );

  /** Half of the time passes before the old container has ended, half before the new one is ready. */
  const restart = async (pod: Pod): Promise<Pod> => {
    const half = (random() * restartSeconds * 1000) / 2;
    const wait = () => (half > 0 ? pause(half, undefined, { signal }) : undefined);
    await wait();
    const down = showsDown ? await write(pod, downStatus(pod)) : pod;
    await wait();
    return write(down, upStatus(down));
  };

  const follow = async (pod: Pod): Promise<void> => {
    let current = pod;
    while (outdated(current).length > 0) {
      const isNew = current.status?.containerStatuses === undefined;
      current = await (isNew ? write(current, upStatus(current)) : restart(current));
    }
    reported.set(current.metadata.uid ?? '', BigInt(current.metadata.resourceVersion ?? 0));
  };

  return {
    take(pod) {
      const { uid = '', resourceVersion = '0' } = pod.metadata;
      if (busy.has(uid) || outdated(pod).length === 0) return;
      if (BigInt(resourceVersion) <= (reported.get(uid) ?? 0n)) return;
      busy.add(uid);
      follow(pod)
        .catch((fault: unknown) => signal.aborted || onFault(fault))
        .finally(() => busy.delete(uid));
    },
  };
};
