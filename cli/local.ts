import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import { startMachine } from '../infra/local/machine.ts';
import { createLog } from '../shared/io/log.ts';
import { openCluster } from './cluster.ts';
import { install } from './install/install.ts';
import { inTemporaryDirectory, interruptionSignal } from './interruption.ts';
import { runCommand } from './run.ts';

const port = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65535)
    throw new InvalidArgumentError('a port, 1 to 65535');
  return value;
};

const program = new Command('local')
  .description(
    'Starts the cluster, the event path and the functions on this machine, and stays up until Ctrl-C.',
  )
  .option('--port <port>', 'port of the API server (default: any free one)', port)
  .option('--verbose', 'log every decision', false)
  .allowExcessArguments(false);

await runCommand(async () => {
  const options = program.parse().opts<{ port?: number; verbose: boolean }>();
  const signal = interruptionSignal();
  return inTemporaryDirectory(async (directory) => {
    const log = createLog({ level: options.verbose ? 'info' : 'warn' });
    const machine = await startMachine({ directory, port: options.port, log, onFact: () => undefined });
    try {
      await install(await openCluster(machine.kubeconfig), machine.endpoint);
      console.log(`Ready. In another terminal:\n\n  export KUBECONFIG=${machine.kubeconfig}\n`);
      console.log(
        '  kubectl apply -f examples/ilogtail/\n  kubectl get sidecarset,pods -w\n\nCtrl-C ends it.',
      );
      if (!signal.aborted) await once(signal, 'abort');
      throw signal.reason;
    } finally {
      await machine.stop();
    }
  });
});
