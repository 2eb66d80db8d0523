/** The machine that needs neither AWS nor a cluster: the embedded cluster and the local event path in one process. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../shared/io/clock.ts';
import type { Log } from '../../shared/io/ports.ts';
import { startAws } from './aws/aws.ts';
import { readWiring } from './aws/wiring.ts';
import { createAuthority } from './certificates.ts';
import { createApiServer } from './cluster/api/server.ts';
import { createLocalClient } from './cluster/client.ts';
import { startControllers } from './cluster/controllers/controllers.ts';
import { startFace } from './cluster/face/server.ts';
import { createImages } from './cluster/images/images.ts';
import type { NodeFact } from './cluster/node/facts.ts';
import { type Node, startNode } from './cluster/node/node.ts';
import { kubeconfig } from './kubeconfig.ts';

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

/**
 * The cluster alone: API server with its HTTPS face, node, controllers.
 *
 * @param undo ends what was started, last first
 */
const startCluster = async (options: MachineOptions, sink: string, undo: AsyncDisposableStack) => {
  const { log } = options;
  const authority = await createAuthority();
  const tls = await authority.issue('localhost', ['127.0.0.1', 'localhost']);
  const [admin, functions] = [secret(), secret()];
  const tokens = new Map([
    [admin, { username: 'admin', groups: ['system:masters'] }],
    [functions, { username: 'sidecarset-serverless', groups: [] }],
  ]);
  let node: Node | undefined;
  const api = createApiServer({ clock: systemClock });
  const port = options.port ?? 0;
  const face = await startFace({ api, tls, port, tokens, kubelet: () => node, clock: systemClock });
  undo.defer(() => face.close());
  const client = createLocalClient(api, { username: 'system:local', groups: ['system:masters'] });
  const running = startNode({
    client,
    clock: systemClock,
    directory: join(options.directory, 'node'),
    images: createImages({ sink }),
    onFact: options.onFact,
    signals: { TERM: options.killInsteadOfTerm ? 'SIGKILL' : 'SIGTERM' },
    log,
  });
  node = running;
  undo.defer(() => running.stop());
  const controllers = startControllers({ client, clock: systemClock, log });
  undo.defer(() => controllers.stop());
  return { ca: authority.ca, tls, url: face.url, tokens: { admin, functions } };
};

/** Rejects, with nothing left running, if a port is in use or serverless.yml can't be played. */
export const startMachine = async (options: MachineOptions): Promise<Machine> => {
  await using undo = new AsyncDisposableStack();
  const sink = join(options.directory, 'sink');
  await mkdir(sink, { recursive: true });
  const cluster = await startCluster(options, sink, undo);
  const pathToken = secret();
  const wiring = readWiring({
    file: SERVERLESS,
    stage: 'local',
    parameters: {
      cluster: CLUSTER,
      clusterEndpoint: cluster.url,
      clusterCa: Buffer.from(cluster.ca).toString('base64'),
      clusterToken: cluster.tokens.functions,
      pathTokens: pathToken,
    },
  });
  const { without, resyncEvery, log, logLevel } = options;
  const { tls, url, ca, tokens } = cluster;
  const aws = await startAws({ wiring, tls, clock: systemClock, log, without, resyncEvery, logLevel });
  undo.defer(() => aws.stop());
  const path = join(options.directory, 'kubeconfig');
  await writeFile(path, kubeconfig({ url, ca, token: tokens.admin, name: CLUSTER }), { mode: 0o600 });
  const started = undo.move();
  return {
    kubeconfig: path,
    endpoint: { url: `${aws.gatewayUrl}/${CLUSTER}/${pathToken}`, ca },
    sink,
    isIdle: aws.isIdle,
    stop: () => started.disposeAsync(),
  };
};
