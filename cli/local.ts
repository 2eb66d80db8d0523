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

const welcome = (kubeconfig: string): string => `Ready. In another terminal:

  export KUBECONFIG=${kubeconfig}
  kubectl apply -f examples/ilogtail/secret.yaml -f examples/ilogtail/sidecarset.yaml
  kubectl apply -f examples/ilogtail/job.yaml
  kubectl get pods --watch

More to try is in examples/ilogtail/README.md. Ctrl-C ends it and removes everything.`;

await runCommand(async () => {
  const options = program.parse().opts<{ port?: number; verbose: boolean }>();
  const signal = interruptionSignal();
  return inTemporaryDirectory(async (directory) => {
    const logLevel = options.verbose ? 'INFO' : 'WARN';
    const log = createLog({ function: 'local', level: logLevel, write: console.error });
    const machine = await startMachine({
      directory,
      port: options.port,
      log,
      logLevel,
      onFact: () => undefined,
    });
    try {
      await install(await openCluster(machine.kubeconfig), machine.endpoint);
      console.log(welcome(machine.kubeconfig));
      if (!signal.aborted) await once(signal, 'abort');
      throw signal.reason;
    } finally {
      await machine.stop();
    }
  });
});
