/** What a watch sees of a rollout. Its events come in the order of the writes: each count is true for one version. */
import { containerStatus, isReady } from '../../shared/core/resources/pod.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import { AGENT } from './fleet.ts';

interface Seen {
  /** The spec has the wanted image. */
  isMoved: boolean;
  isUnready: boolean;
  /** Not ready, or about to restart because its image is not the one that runs. */
  isHeld: boolean;
}

const see = (pod: Pod, image: string): Seen => {
  const wanted = pod.spec.containers.find(({ name }) => name === AGENT)?.image;
  const isUnready = !isReady(pod) || pod.metadata.deletionTimestamp !== undefined;
  return {
    isMoved: wanted === image,
    isUnready,
    isHeld: isUnready || containerStatus(pod, AGENT)?.image !== wanted,
  };
};

const NOTHING: Seen = { isMoved: false, isUnready: false, isHeld: false };

export interface Progress {
  takePod(before: Pod | undefined, after: Pod | undefined): void;
  takeSet(set: SidecarSet | undefined): void;
  /** From now on `image` is the wanted one; peaks and moments start anew. */
  begin(image: string): void;
  /** Of the SidecarSet's write that began the rollout: an older status does not count. */
  expectGeneration(generation: number): void;
  pods(): number;
  /** Pods that are up, running what their spec wants. */
  settled(): number;
  peaks(): { unready: number; held: number };
  /** `performance.now()` when the last of all Pods had the image in its spec; `undefined` until then. */
  movedAt(): number | undefined;
  /** The same for the moment when the status said that all of them are updated and ready. */
  toldAt(): number | undefined;
  set(): SidecarSet | undefined;
}

/** @param count how many Pods there are to be */
export const createProgress = (count: number): Progress => {
  let image = '';
  let generation = Number.POSITIVE_INFINITY;
  let [total, moved, unready, held, highestUnready, highestHeld] = [0, 0, 0, 0, 0, 0];
  let latest: SidecarSet | undefined;
  let movedAt: number | undefined;
  let toldAt: number | undefined;
  const seen = new Map<string, { pod: Pod; seen: Seen }>();

  const add = (view: Seen, sign: 1 | -1): void => {
    total += sign;
    if (view.isMoved) moved += sign;
    if (view.isUnready) unready += sign;
    if (view.isHeld) held += sign;
  };
  const note = (): void => {
    highestUnready = Math.max(highestUnready, unready);
    highestHeld = Math.max(highestHeld, held);
    if (moved === count) movedAt ??= performance.now();
  };
  const judgeStatus = (): void => {
    const { status } = latest ?? {};
    const isNew = (status?.observedGeneration ?? 0) >= generation;
    if (isNew && status?.updatedReadyPods === count) toldAt ??= performance.now();
  };

  return {
    takePod(before, after) {
      const name = (after ?? before)?.metadata.name ?? '';
      if (before) add(seen.get(name)?.seen ?? NOTHING, -1);
      seen.delete(name);
      if (after) {
        const view = see(after, image);
        seen.set(name, { pod: after, seen: view });
        add(view, 1);
      }
      note();
    },
    takeSet(set) {
      latest = set;
      judgeStatus();
    },
    begin(wanted) {
      image = wanted;
      generation = Number.POSITIVE_INFINITY;
      [total, moved, unready, held, highestUnready, highestHeld] = [0, 0, 0, 0, 0, 0];
      movedAt = undefined;
      toldAt = undefined;
      for (const entry of seen.values()) {
        entry.seen = see(entry.pod, image);
        add(entry.seen, 1);
      }
      note();
    },
    expectGeneration(written) {
      generation = written;
      judgeStatus();
    },
    pods: () => total,
    settled: () => total - held,
    peaks: () => ({ unready: highestUnready, held: highestHeld }),
    movedAt: () => movedAt,
    toldAt: () => toldAt,
    set: () => latest,
  };
};
