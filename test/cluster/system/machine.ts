/** The local machine's functions and node on a real control plane. */
import { join } from 'node:path';
import { startFunctions } from '../../../infra/local/functions.ts';
import { functionUsers, type Machine, type MachineOptions } from '../../../infra/local/machine.ts';
import { startNodeCluster } from '../node/cluster.ts';
import { watchRefusals } from './refusals.ts';

export interface RealMachine extends Machine {
  /** Lines of the functions' logs that tell of a refusal by the API server. */
  refusals: string[];
}

/**
 * A `startMachine` for the real API server; the functions have the rights that are installed, and no others. They log
 * warnings, too, as some of them go on without what they may not read. Rejects, with nothing left running, if a part
 * does not start.
 */
export const startRealMachine = async (options: MachineOptions): Promise<RealMachine> => {
  await using undo = new AsyncDisposableStack();
  const { directory, without, resyncEvery } = options;
  const sink = join(directory, 'sink');
  const { tokens, users } = functionUsers();
  const cluster = await startNodeCluster({ ...options, sink, users });
  undo.defer(() => cluster.stop());
  const access = { url: cluster.url, ca: cluster.authority.ca };
  const { log, refusals, stop } = watchRefusals();
  undo.defer(stop);
  const logLevel = 'WARN';
  const functions = await startFunctions({ cluster: access, tokens, without, resyncEvery, log, logLevel });
  undo.defer(() => functions.stop());
  const started = undo.move();
  return {
    kubeconfig: cluster.kubeconfig,
    endpoint: functions.endpoint,
    sink,
    isIdle: functions.isIdle,
    refusals,
    stop: () => started.disposeAsync(),
  };
};
