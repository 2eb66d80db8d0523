/** What the node's last look at its processes (the relist of the kubelet's PLEG, every second) found. */

export interface Exit {
  exitCode: number;
  /** Number of the signal that ended it. */
  signal?: number;
  /** `Completed`, `Error` or `StartError`. */
  reason: string;
  message?: string;
  at: Date;
}

/** One run of a container's process. */
export interface RunView {
  id: string;
  /** 0 for the first run: the container's restartCount. */
  attempt: number;
  image: string;
  imageId: string;
  startedAt: Date;
  exit?: Exit;
}

export interface ContainerView {
  current: RunView;
  previous?: RunView;
}

export interface Snapshot {
  /** Whether the Pod itself has been set up: it has an address, its containers may start. */
  sandbox: boolean;
  /** By container name; only containers that have started once. */
  containers: ReadonlyMap<string, ContainerView>;
}

export const NOTHING_SEEN: Snapshot = { sandbox: false, containers: new Map() };

/** Equal texts for snapshots between which nothing started or ended. */
export const fingerprint = ({ sandbox, containers }: Snapshot): string =>
  JSON.stringify([
    sandbox,
    [...containers].map(([name, { current }]) => [name, current.id, current.exit !== undefined]),
  ]);
