/** What the bench and a process of the function say to each other. Everything goes over as JSON. */
import type { ClusterAccess } from '../../shared/io/cluster/access.ts';

/** By kind of request (`list pods`, `patch pods/status`): how often, how much came back, how often refused. */
export type Requests = Record<string, { calls: number; bytes: number; refused: number }>;

export interface Figures {
  requests: Requests;
  /** Outcomes by code. */
  outcomes: Record<string, number>;
  /** Runs that wrote or evicted at least one Pod. */
  batches: number;
  invocations: number;
  /** Of the longest invocation. */
  longestMilliseconds: number;
  /** What the function logged as an error, the first few. */
  faults: string[];
  /** How many errors it logged. */
  faultCount: number;
  /** Resident set now, and its highest since the process started; bytes. */
  rss: number;
  highestRss: number;
}

export type ToFunction =
  | { kind: 'start'; access: ClusterAccess }
  | { kind: 'invoke'; id: number; event: unknown; timeoutMilliseconds: number }
  /** Answers with the figures since the last `figures`. */
  | { kind: 'figures'; id: number };

export type FromFunction =
  | { kind: 'ready' }
  | { kind: 'later'; body: string; delaySeconds: number }
  /** `value` is absent if the invocation failed. */
  | { kind: 'invoked'; id: number; value?: unknown }
  | { kind: 'figures'; id: number; figures: Figures };
