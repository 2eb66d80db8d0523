/** A real node beside the real control plane: kubelet, containerd and runc. */
import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RunningCluster } from '../../../infra/local/cluster/cluster.ts';
import { SERVICE_ACCOUNTS } from '../../../infra/local/cluster/controllers/workloads.ts';
import { NODE_NAME } from '../../../infra/local/cluster/node/registration.ts';
import { systemClock } from '../../../shared/io/clock.ts';
import type { Log } from '../../../shared/io/ports.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import type { Resource } from '../../../shared/model/resources.ts';
import { startControlPlane } from '../../cluster/controlPlane/controlPlane.ts';
import { goPrograms } from '../../cluster/controlPlane/goPrograms.ts';
import { createRemoteClient } from '../../cluster/node/client.ts';
import { startScheduler } from '../../cluster/node/scheduler.ts';
import { createCgroups, removeCgroups } from './cgroups.ts';
import { writeContainerdFiles } from './containerd.ts';
import { writeImages } from './images.ts';
import { startKubelet } from './kubelet.ts';
import { startNamespaces } from './namespaces.ts';
import { MACHINE_IP } from './network.ts';
import { requireMachine, thisMachine } from './requirements.ts';

export interface RealNodeOptions {
  /** Exists; everything is written below it, and the caller removes it. */
  directory: string;
  /** Paths of more images, as `ctr images import` takes them. */
  archives?: string[];
  log: Log;
}

interface NodeObject extends KubernetesObject {
  status?: { conditions?: { type: string; status: string }[] };
}

const NODES: Resource = { group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false };

/** Rejects, with nothing left, if the machine lacks something (a SetupError by name) or a part does not start. */
export const startRealNode = async ({
  directory,
  archives = [],
  log,
}: RealNodeOptions): Promise<RunningCluster> => {
  await requireMachine(thisMachine());
  const programs = await goPrograms({
    directory: join(import.meta.dirname, '../programs'),
    programs: ['kubelet', 'behave'],
    name: 'node',
    notice: 'kubelet (about seven minutes on two cores, less once the control plane is built)',
  });
  await using undo = new AsyncDisposableStack();
  await writeContainerdFiles(directory);
  await writeImages(directory, programs.behave);
  for (const archive of archives) await copyFile(archive, join(directory, 'images', basename(archive)));
  await removeCgroups();
  await createCgroups();
  undo.defer(removeCgroups);
  const namespaces = await startNamespaces(directory);
  undo.defer(() => namespaces.stop());
  const cluster = await startControlPlane({
    directory: join(directory, 'control-plane'),
    address: MACHINE_IP,
  });
  undo.defer(() => cluster.stop());
  const kubelet = await startKubelet({ program: programs.kubelet, directory, cluster, namespaces });
  // The end of the control plane would wait for the kubelet's requests.
  undo.defer(() => namespaces.stop());

  const access = { url: cluster.url, ca: cluster.authority.ca, credentials: { token: cluster.token } };
  const client = createRemoteClient(access, systemClock, log);
  undo.defer(() => client.close());
  const scheduler = startScheduler(client, log);
  undo.defer(() => scheduler.stop());
  await kubelet.until(async () => {
    const node = await client.get<NodeObject>(NODES, { name: NODE_NAME });
    const account = await client.get(SERVICE_ACCOUNTS, { namespace: 'default', name: 'default' });
    const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
    return account !== undefined && ready?.status === 'True';
  });
  const started = undo.move();
  return { ...cluster, stop: () => started.disposeAsync() };
};
