/** A real node that stays up until Ctrl-C, to try things on. */
import { once } from 'node:events';
import { inTemporaryDirectory, interruptionSignal } from '../../cli/interruption.ts';
import { runCommand } from '../../cli/run.ts';
import { createLog } from '../../shared/io/log.ts';
import { startRealNode } from './rig/node.ts';

await runCommand(async () => {
  const signal = interruptionSignal();
  const log = createLog({ function: 'node', level: 'WARN', write: console.error });
  return inTemporaryDirectory(async (directory) => {
    const node = await startRealNode({ directory, log });
    try {
      console.log(`Ready. In another terminal:\n\n  export KUBECONFIG=${node.kubeconfig}\n`);
      if (!signal.aborted) await once(signal, 'abort');
      throw signal.reason;
    } finally {
      await node.stop();
    }
  });
});
