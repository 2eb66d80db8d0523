import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import { startMachine } from '../infra/local/machine.ts';
import { createLog } from '../shared/io/log.ts';
import type { Log } from '../shared/io/ports.ts';
import { openCluster } from './cluster.ts';
import { UserFacingError } from './failure.ts';
import { install } from './install/install.ts';
import { inTemporaryDirectory, interruptionSignal } from './interruption.ts';
import { runCommand } from './run.ts';
import { serve } from './serve/serve.ts';

const port = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 65535)
    throw new InvalidArgumentError('a port, 1 to 65535');
  return value;
};

const host = (text: string): string => {
  if (['', '0.0.0.0', '::'].includes(text))
    throw new InvalidArgumentError("one address of this machine, which the cluster's API server reaches");
  return text;
};

const program = new Command('local')
  .description(
    'Starts the cluster, the event path and the functions on this machine, and stays up until Ctrl-C.',
  )
  .option('--kubeconfig <file>', 'serve the functions to this cluster, and start none')
  .option('--host <address>', 'where that cluster reaches this machine (default: 127.0.0.1)', host)
  .option(
    '--port <port>',
    'port of the API server, or with --kubeconfig of the functions (default: any free one)',
    port,
  )
  .option('--verbose', 'log every decision', false)
  .allowExcessArguments(false);

interface Options {
  kubeconfig?: string;
  host?: string;
  port?: number;
  verbose: boolean;
}

interface Run {
  port: number | undefined;
  logLevel: string;
  log: Log;
  signal: AbortSignal;
}

const welcome = (kubeconfig: string): string => `Ready. In another terminal:

  export KUBECONFIG=${kubeconfig}
  kubectl apply -f examples/ilogtail/secret.yaml -f examples/ilogtail/sidecarset.yaml
  kubectl apply -f examples/ilogtail/job.yaml
  kubectl get pods --watch

More to try is in examples/ilogtail/README.md. Ctrl-C ends it and removes everything.`;

const runEmbedded = ({ signal, ...run }: Run): Promise<never> =>
  inTemporaryDirectory(async (directory) => {
    const machine = await startMachine({ ...run, directory, onFact: () => undefined });
    try {
      await install(await openCluster(machine.kubeconfig), machine.endpoint);
      console.log(welcome(machine.kubeconfig));
      if (!signal.aborted) await once(signal, 'abort');
      throw signal.reason;
    } finally {
      await machine.stop();
    }
  });

await runCommand(async () => {
  const options = program.parse().opts<Options>();
  const logLevel = options.verbose ? 'INFO' : 'WARN';
  const log = createLog({ function: 'local', level: logLevel, write: console.error });
  const run = { port: options.port, logLevel, log, signal: interruptionSignal() };
  const { kubeconfig, host: address = '127.0.0.1' } = options;
  if (kubeconfig !== undefined) return serve({ ...run, kubeconfig, host: address, print: console.log });
  if (options.host !== undefined)
    throw new UserFacingError('--host: only with --kubeconfig, as the embedded cluster is on this machine');
  return runEmbedded(run);
});
