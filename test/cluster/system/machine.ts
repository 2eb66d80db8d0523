/** The local machine's functions and node on a real control plane. */
import { join } from 'node:path';
import { startFunctions } from '../../../infra/local/functions.ts';
import { functionUsers, type Machine, type MachineOptions } from '../../../infra/local/machine.ts';
import { startNodeCluster } from '../node/cluster.ts';
import { kubectlWith } from '../node/kubectl.ts';

/** A `startMachine` for the real API server. Rejects, with nothing left running, if a part does not start. */
export const startRealMachine = async (options: MachineOptions): Promise<Machine> => {
  await using undo = new AsyncDisposableStack();
  const { directory, without, resyncEvery, log, logLevel } = options;
  const sink = join(directory, 'sink');
  const { tokens, users } = functionUsers();
  const cluster = await startNodeCluster({ ...options, sink, users });
  undo.defer(() => cluster.stop());
  const kubectl = kubectlWith(cluster.kubeconfig, directory);
  // Until infra/cluster brings the functions' own rights.
  await kubectl(
    'create',
    'clusterrolebinding',
    'f',
    '--clusterrole=cluster-admin',
    '--group=sidecarset:functions',
  );
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
