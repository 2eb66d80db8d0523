/** The real node with our functions on it, as `npm run local -- --kubeconfig` serves them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../../shared/io/log.ts';
import { type Kubectl, kubectlWith } from '../../cluster/node/kubectl.ts';
import { REFUSED } from '../../cluster/system/refusals.ts';
import { endCommands, startCommand } from '../../support/command.ts';
import { followHistory, type History } from './history.ts';
import { startRealNode } from './node.ts';

export interface Served {
  directory: string;
  kubectl: Kubectl;
  history: History;
  /** Lines of the functions' logs that tell of a refusal by the API server. */
  refusals(): string[];
  /** Ends the functions, the node and the control plane. */
  stop(): Promise<void>;
}

/** @param prepare makes archives of more images in the directory, and gives back their paths */
export const startServed = async (prepare: (directory: string) => Promise<string[]>): Promise<Served> => {
  await using undo = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'sidecarset-node-'));
  undo.defer(() => rm(directory, { recursive: true, force: true }));
  const log = createLog({ function: 'test', level: 'ERROR', write: console.error });
  const cluster = await startRealNode({ directory, archives: await prepare(directory), log });
  undo.defer(() => cluster.stop());
  const history = followHistory(cluster, log);
  undo.defer(() => history.stop());
  const functions = await startCommand(directory, 'local.ts', ['--kubeconfig', cluster.kubeconfig]);
  undo.defer(async () => {
    functions.child.kill('SIGINT');
    await functions.ended;
    endCommands();
  });
  const said: string[] = [];
  for (const stream of [functions.child.stdout, functions.child.stderr])
    stream.on('data', (text: string) => said.push(...text.split('\n')));
  await functions.seen(/Ready.*Ctrl-C/s);
  const started = undo.move();
  return {
    directory,
    kubectl: kubectlWith(cluster.kubeconfig, directory),
    history,
    refusals: () => said.filter((line) => REFUSED.test(line)),
    stop: () => started.disposeAsync(),
  };
};
