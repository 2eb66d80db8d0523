/** The local machine's node, joined to an API server in another process as a kubelet is: own identity, TLS endpoint, lease. */
import { join } from 'node:path';
import type { RunningCluster } from '../../../infra/local/cluster/cluster.ts';
import { createImages } from '../../../infra/local/cluster/images/images.ts';
import type { NodeFact } from '../../../infra/local/cluster/node/facts.ts';
import { type Node, startNode } from '../../../infra/local/cluster/node/node.ts';
import { HOST_IP, NODE_NAME } from '../../../infra/local/cluster/node/registration.ts';
import { systemClock } from '../../../shared/io/clock.ts';
import type { Log, ObjectKey } from '../../../shared/io/ports.ts';
import type { KubernetesObject, Pod } from '../../../shared/model/kubernetes.ts';
import { PODS, type Resource } from '../../../shared/model/resources.ts';
import { createRemoteClient } from './client.ts';
import { type Endpoint, startEndpoint } from './endpoint.ts';
import { startLease } from './lease.ts';
import { onceAllowed } from './patience.ts';
import { startScheduler } from './scheduler.ts';
import { issueTokenWith } from './token.ts';

/** Common name of the certificate with which the control plane's API server calls a node. */
const KUBELET_CLIENT = 'kube-apiserver-kubelet-client';

export interface JoinOptions {
  cluster: Pick<RunningCluster, 'url' | 'authority' | 'token'>;
  /** Exists; everything that the node writes lies below it. */
  directory: string;
  /** Directory in which the log agents' topics end up. */
  sink: string;
  log: Log;
  onFact?: (fact: NodeFact) => void;
  killInsteadOfTerm?: boolean;
}

export interface JoinedNode {
  name: string;
  endpoint: Endpoint;
  stop(): Promise<void>;
}

/** Joins a node to the cluster and schedules every Pod onto it, until it is stopped. */
export const joinNode = async (options: JoinOptions): Promise<JoinedNode> => {
  await using undo = new AsyncDisposableStack();
  const { cluster, directory, sink, log, onFact = () => undefined } = options;
  const { url, authority, token } = cluster;
  const { ca } = authority;
  const credentials = await authority.issueClient(`system:node:${NODE_NAME}`, ['system:nodes']);
  const client = createRemoteClient({ url, ca, credentials }, systemClock, log);
  undo.defer(() => client.close());

  let node: Node | undefined;
  const endpoint = await startEndpoint({
    tls: { ...(await authority.issue(NODE_NAME, [HOST_IP, NODE_NAME])), ca },
    caller: KUBELET_CLIENT,
    kubelet: () => node,
    async findPod(namespace, name) {
      const pod = await client.get<Pod>(PODS, { namespace, name });
      return pod && { namespace, name, uid: pod.metadata.uid ?? '' };
    },
  });
  undo.defer(() => endpoint.close());
  const running = startNode({
    client: {
      ...client,
      get: <T extends KubernetesObject>(resource: Resource, key: ObjectKey) =>
        onceAllowed(() => client.get<T>(resource, key)),
    },
    clock: systemClock,
    directory: join(directory, 'node'),
    images: createImages({ sink }),
    onFact,
    log,
    signals: { TERM: options.killInsteadOfTerm ? 'SIGKILL' : 'SIGTERM' },
    kubeletPort: endpoint.port,
    serviceAccountToken: issueTokenWith(client),
  });
  node = running;
  undo.defer(() => running.stop());
  const lease = startLease(client, NODE_NAME, systemClock, log);
  undo.defer(() => lease.stop());

  const admin = createRemoteClient({ url, ca, credentials: { token } }, systemClock, log);
  undo.defer(() => admin.close());
  const scheduler = startScheduler(admin, log);
  undo.defer(() => scheduler.stop());

  const joined = undo.move();
  return { name: NODE_NAME, endpoint, stop: () => joined.disposeAsync() };
};
