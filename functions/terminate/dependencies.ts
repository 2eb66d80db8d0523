import type { Clock, Cluster } from '../../shared/io/ports.ts';

export interface Dependencies {
  cluster: Cluster;
  clock: Pick<Clock, 'now'>;
  /** Waits within a run that came too early. Absent: it comes back by its queue only. */
  pause?: (milliseconds: number) => Promise<unknown>;
  /** Image of the ephemeral containers that send signals; '' for none. */
  killerImage: string;
}
