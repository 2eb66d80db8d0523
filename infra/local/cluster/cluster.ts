/** The embedded cluster: API server with its HTTPS face, controllers, and a node. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../../shared/io/clock.ts';
import type { Log } from '../../../shared/io/ports.ts';
import { type Authority, createAuthority } from '../certificates.ts';
import { kubeconfig } from '../kubeconfig.ts';
import { createApiServer } from './api/server.ts';
import { createLocalClient } from './client.ts';
import { startControllers } from './controllers/controllers.ts';
import { startFace } from './face/server.ts';
import type { User } from './face/tokens.ts';
import type { Image } from './images/image.ts';
import { createImages } from './images/images.ts';
import type { NodeFact } from './node/facts.ts';
import { type Node, startNode } from './node/node.ts';

export interface ClusterOptions {
  /** Exists; everything that the cluster writes lies below it, and the caller removes it. */
  directory: string;
  /** Directory in which the log agents' topics end up. */
  sink: string;
  /** Port of the API server; any free one without it. */
  port?: number;
  /** Users beside the administrator, by bearer token. */
  users?: Map<string, User>;
  /** The node sends SIGKILL where SIGTERM is asked for. */
  killInsteadOfTerm?: boolean;
  /** More images that the node knows, by their whole reference. */
  images?: ReadonlyMap<string, Image>;
  onFact: (fact: NodeFact) => void;
  log: Log;
}

export interface RunningCluster {
  /** `https://127.0.0.1:<port>` */
  url: string;
  /** Signs the certificates of the cluster. */
  authority: Authority;
  /** Bearer token of a member of `system:masters`. */
  token: string;
  /** Path of a kubeconfig file of that user. */
  kubeconfig: string;
  /** Ends every process and connection, waits for them. */
  stop(): Promise<void>;
}

const NAME = 'local';
const ADMIN: User = { username: 'admin', groups: ['system:masters'] };

/** Rejects, with nothing left running, if the port is in use. */
export const startCluster = async (options: ClusterOptions): Promise<RunningCluster> => {
  await using undo = new AsyncDisposableStack();
  const { directory, sink, log, onFact, port = 0 } = options;
  const authority = await createAuthority();
  const tls = await authority.issue('localhost', ['127.0.0.1', 'localhost']);
  const token = randomBytes(24).toString('base64url');
  const tokens = new Map([...(options.users ?? []), [token, ADMIN]]);
  let node: Node | undefined;
  const api = createApiServer({ clock: systemClock });
  const face = await startFace({ api, tls, port, tokens, kubelet: () => node, clock: systemClock });
  undo.defer(() => face.close());
  const local: User = { username: 'system:local', groups: ['system:masters'] };
  const running = startNode({
    client: createLocalClient(api, local, 'kubelet'),
    clock: systemClock,
    directory: join(directory, 'node'),
    images: createImages({ sink, more: options.images }),
    onFact,
    signals: { TERM: options.killInsteadOfTerm ? 'SIGKILL' : 'SIGTERM' },
    log,
  });
  node = running;
  undo.defer(() => running.stop());
  const controllers = startControllers({
    client: createLocalClient(api, local, 'kube-controller-manager'),
    clock: systemClock,
    log,
  });
  undo.defer(() => controllers.stop());

  const path = join(directory, 'kubeconfig');
  const config = kubeconfig({ url: face.url, ca: authority.ca, credentials: { token }, name: NAME });
  await writeFile(path, config, { mode: 0o600 });
  const started = undo.move();
  return { url: face.url, authority, token, kubeconfig: path, stop: () => started.disposeAsync() };
};
