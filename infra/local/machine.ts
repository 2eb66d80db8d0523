/** The machine that needs neither AWS nor a cluster: the embedded cluster and the local event path in one process. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../shared/io/ports.ts';
import { FUNCTIONS, identityOf } from '../identities.ts';
import { startCluster } from './cluster/cluster.ts';
import type { User } from './cluster/face/tokens.ts';
import type { Image } from './cluster/images/image.ts';
import type { NodeFact } from './cluster/node/facts.ts';
import { type FunctionTokens, secret, startFunctions } from './functions.ts';

export interface MachineOptions {
  /** Everything that the machine writes lies below it; the caller removes it. */
  directory: string;
  /** Port of the API server; any free one without it. */
  port?: number;
  /** Names of functions that are not started. */
  without?: string[];
  /** Milliseconds between resyncs, in place of the rates in serverless.yml. */
  resyncEvery?: number;
  /** The least level that the functions log to stdout: `INFO`, `WARN` or `ERROR`. */
  logLevel: string;
  /** The node sends SIGKILL where SIGTERM is asked for. */
  killInsteadOfTerm?: boolean;
  /** More images that the node knows, by their whole reference. */
  images?: ReadonlyMap<string, Image>;
  onFact: (fact: NodeFact) => void;
  log: Log;
}

export interface Machine {
  /** Path of a kubeconfig file for its administrator. */
  kubeconfig: string;
  /** Where the API server reaches the functions. */
  endpoint: { url: string; ca: string };
  /** Directory in which the log agents' topics end up. */
  sink: string;
  /** Whether a function has nothing to do: no message in its queue that is due, no invocation running. */
  isIdle(functionName: string): boolean;
  /** Ends every process and connection, waits for them. */
  stop(): Promise<void>;
}

/** Each function's token, and whose it is. */
export const functionUsers = (): { tokens: FunctionTokens; users: Map<string, User> } => {
  const pairs = FUNCTIONS.map((name) => [name, secret()] as const);
  return {
    tokens: Object.fromEntries(pairs) as FunctionTokens,
    users: new Map(pairs.map(([name, token]) => [token, identityOf(name)])),
  };
};

/** Rejects, with nothing left running, if a port is in use or serverless.yml can't be played. */
export const startMachine = async (options: MachineOptions): Promise<Machine> => {
  await using undo = new AsyncDisposableStack();
  const { directory, without, resyncEvery, log, logLevel } = options;
  const sink = join(directory, 'sink');
  await mkdir(sink, { recursive: true });
  const { tokens, users } = functionUsers();
  const cluster = await startCluster({ ...options, sink, users });
  undo.defer(() => cluster.stop());
  const access = { url: cluster.url, ca: cluster.authority.ca };
  const functions = await startFunctions({ cluster: access, tokens, without, resyncEvery, log, logLevel });
  undo.defer(() => functions.stop());
  const started = undo.move();
  return {
    kubeconfig: cluster.kubeconfig,
    endpoint: functions.endpoint,
    sink,
    isIdle: functions.isIdle,
    stop: () => started.disposeAsync(),
  };
};
