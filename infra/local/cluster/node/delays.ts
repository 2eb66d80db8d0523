/** What takes time on a real node and none here, in milliseconds: measured on kubelet 1.34 with containerd. */
export interface Delays {
  /** Creating and starting a container: from the kubelet's decision to the process. */
  start: number;
  /** Taking down one that is started again in the same go, on top of its end: an image patch takes a second in all. */
  restart: number;
  /** An ephemeral container, in place of `start`. */
  ephemeral: number;
  /** Taking down the Pod itself, from the end of its containers to its phase, on top of the next look. */
  teardown: number;
}

export const MEASURED: Delays = { start: 100, restart: 400, ephemeral: 500, teardown: 200 };

/** Between two looks at the processes (the relist of the kubelet's PLEG). */
export const RELIST = 1000;

/** A failed sync is tried again after this, times 1 to 1.5, unless the Pod changes before. */
export const RETRY = 10_000;
