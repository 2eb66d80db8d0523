/** `npm run control-plane`: a real control plane that stays up until Ctrl-C. It has no node. */
import { once } from 'node:events';
import { join } from 'node:path';
import { inTemporaryDirectory, interruptionSignal } from '../../../cli/interruption.ts';
import { runCommand } from '../../../cli/run.ts';
import { startControlPlane } from './controlPlane.ts';

await runCommand(async () => {
  const signal = interruptionSignal();
  return inTemporaryDirectory(async (directory) => {
    const controlPlane = await startControlPlane({ directory: join(directory, 'control-plane') });
    try {
      console.log(`Ready. In another terminal:\n\n  export KUBECONFIG=${controlPlane.kubeconfig}\n`);
      if (!signal.aborted) await once(signal, 'abort');
      throw signal.reason;
    } finally {
      await controlPlane.stop();
    }
  });
});
