import type { Container } from '../../../../../shared/model/kubernetes.ts';

export type Failing = 'liveness' | 'startup';

/** What the probes of the runs say now. */
export interface Probes {
  /** Containers whose probes ask for an end. */
  failing: ReadonlyMap<string, Failing>;
  /** Ids of the runs that have started. */
  started: ReadonlySet<string>;
}

export interface Stop {
  container: Container;
  why: 'image-changed' | Failing;
  /** Started again in the same go, once it has ended. */
  restart: boolean;
}
