/** A whole cluster of real parts: the control plane, and the simulated node on it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningCluster } from '../../../infra/local/cluster/cluster.ts';
import { SERVICE_ACCOUNTS } from '../../../infra/local/cluster/controllers/workloads.ts';
import type { User } from '../../../infra/local/cluster/face/tokens.ts';
import { systemClock } from '../../../shared/io/clock.ts';
import type { Resource } from '../../../shared/model/resources.ts';
import { startControlPlane } from '../controlPlane/controlPlane.ts';
import { createRemoteClient } from './client.ts';
import { type JoinedNode, type JoinOptions, joinNode } from './node.ts';

export interface NodeCluster extends RunningCluster {
  node: JoinedNode;
}

export interface NodeClusterOptions extends Omit<JoinOptions, 'cluster'> {
  /** More users, by bearer token. */
  users?: Map<string, User>;
}

const NODES: Resource = { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false };
const LOOK_MILLISECONDS = 50;

/** A Pod is refused in `default` until its service account is there, and cleaned away while its Node is not. */
const untilReady = async (cluster: RunningCluster, node: string, log: JoinOptions['log']): Promise<void> => {
  const { url, authority, token } = cluster;
  const access = { url, ca: authority.ca, credentials: { token } };
  const client = createRemoteClient(access, systemClock, log);
  const account = { namespace: 'default', name: 'default' };
  try {
    while (!(await client.get(NODES, { name: node })) || !(await client.get(SERVICE_ACCOUNTS, account)))
      await pause(LOOK_MILLISECONDS);
  } finally {
    client.close();
  }
};

/** Rejects, with nothing left running, if a part does not start. */
export const startNodeCluster = async (options: NodeClusterOptions): Promise<NodeCluster> => {
  await using undo = new AsyncDisposableStack();
  const { directory, users } = options;
  await mkdir(options.sink, { recursive: true });
  const controlPlane = await startControlPlane({ directory: join(directory, 'control-plane'), users });
  undo.defer(() => controlPlane.stop());
  const node = await joinNode({ ...options, cluster: controlPlane });
  undo.defer(() => node.stop());
  await untilReady(controlPlane, node.name, options.log);
  const started = undo.move();
  return { ...controlPlane, node, stop: () => started.disposeAsync() };
};
