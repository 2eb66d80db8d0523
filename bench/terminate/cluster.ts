/** A process: the real control plane, and the node on it whose containers are child processes. */
import { join } from 'node:path';
import type { NodeFact } from '../../infra/local/cluster/node/facts.ts';
import { createLog } from '../../shared/io/log.ts';
import { startNodeCluster } from '../../test/cluster/node/cluster.ts';
import { answerParent, tellParent } from '../support/child.ts';
import { SIDE } from './jobs.ts';
import type { ClusterAnswer, ClusterAsk, ClusterTell } from './messages.ts';
import { now } from './stamp.ts';

const undo = new AsyncDisposableStack();

const onFact = ({ pod, container, what, detail }: NodeFact): void => {
  const at = now();
  if (container !== SIDE || (what !== 'signalled' && what !== 'exited')) return;
  tellParent<ClusterTell>({ name: pod, what, at, detail });
};

const start = async ({ directory, users }: ClusterAsk): Promise<ClusterAnswer> => {
  const log = createLog({ function: 'node', level: 'ERROR', write: console.error });
  const sink = join(directory, 'sink');
  const cluster = await startNodeCluster({ directory, sink, users: new Map(users), log, onFact });
  undo.defer(() => cluster.stop());
  const { url, authority, token, kubeconfig } = cluster;
  return { url, ca: authority.ca, token, kubeconfig };
};

answerParent(start, () => undo.disposeAsync());
