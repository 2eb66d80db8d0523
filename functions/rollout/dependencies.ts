import type { Clock, Cluster, Log } from '../../shared/io/ports.ts';

/** What a rollout needs from the outside. */
export interface Dependencies {
  cluster: Cluster;
  clock: Clock;
  log: Log;
  /** A name for a run that no other run has. */
  newHolder: () => string;
}
