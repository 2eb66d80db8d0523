/** What the processes of the benchmark say to each other. */
import type { User } from '../../infra/local/cluster/face/tokens.ts';
import type { FunctionTokens } from '../../infra/local/functions.ts';
import type { Stamp } from './stamp.ts';

export interface ClusterAsk {
  /** Everything is written below it. */
  directory: string;
  /** More users, by bearer token. */
  users: [string, User][];
}

export interface ClusterAnswer {
  url: string;
  ca: string;
  /** Of the administrator. */
  token: string;
  kubeconfig: string;
}

/** What the node did to a sidecar. `detail`: which signal, or how the process ended. */
export type ClusterTell = Stamp & { detail: string };

export type FunctionsAsk =
  | { kind: 'start'; cluster: { url: string; ca: string }; tokens: FunctionTokens }
  /** Answers with a {@link Traced} since the last time. */
  | { kind: 'take' };

/** Where the API server reaches the functions. */
export interface FunctionsAnswer {
  url: string;
  ca: string;
}

export interface Traced {
  stamps: Stamp[];
  /** By Pod: how often a command was executed in it. */
  execs: Record<string, number>;
  /** Processor time of all functions together. */
  cpuMilliseconds: number;
}
