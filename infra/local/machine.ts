/** The machine that needs neither AWS nor a cluster: the embedded cluster and the local event path in one process. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../shared/io/clock.ts';
import type { Log } from '../../shared/io/ports.ts';
import { FUNCTIONS, identityOf } from '../identities.ts';
import { startAws } from './aws/aws.ts';
import { readWiring } from './aws/wiring.ts';
import { startCluster } from './cluster/cluster.ts';
import type { NodeFact } from './cluster/node/facts.ts';

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

const CLUSTER = 'local';
const SERVERLESS = join(import.meta.dirname, '../../serverless.yml');
const secret = (): string => randomBytes(24).toString('base64url');

/** Rejects, with nothing left running, if a port is in use or serverless.yml can't be played. */
export const startMachine = async (options: MachineOptions): Promise<Machine> => {
  await using undo = new AsyncDisposableStack();
  const { directory, without, resyncEvery, log, logLevel } = options;
  const sink = join(directory, 'sink');
  await mkdir(sink, { recursive: true });
  const identities = FUNCTIONS.map((name) => ({ name, token: secret() }));
  const users = new Map(identities.map(({ name, token }) => [token, identityOf(name)]));
  const cluster = await startCluster({ ...options, sink, users });
  undo.defer(() => cluster.stop());
  const { ca } = cluster.authority;
  const pathToken = secret();
  const wiring = readWiring({
    file: SERVERLESS,
    stage: 'local',
    parameters: {
      cluster: CLUSTER,
      clusterEndpoint: cluster.url,
      clusterCa: Buffer.from(ca).toString('base64'),
      ...Object.fromEntries(identities.map(({ name, token }) => [`${name}Token`, token])),
      pathTokens: pathToken,
    },
  });
  const tls = await cluster.authority.issue('localhost', ['127.0.0.1', 'localhost']);
  const aws = await startAws({ wiring, tls, clock: systemClock, log, without, resyncEvery, logLevel });
  undo.defer(() => aws.stop());
  const started = undo.move();
  return {
    kubeconfig: cluster.kubeconfig,
    endpoint: { url: `${aws.gatewayUrl}/${CLUSTER}/${pathToken}`, ca },
    sink,
    isIdle: aws.isIdle,
    stop: () => started.disposeAsync(),
  };
};
