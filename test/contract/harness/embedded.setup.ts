import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startCluster } from '../../../infra/local/cluster/cluster.ts';
import { createLog } from '../../../shared/io/log.ts';
import { provideServer } from './setup.ts';

export default provideServer('embedded', async (directory) => {
  const sink = join(directory, 'sink');
  await mkdir(sink);
  const log = createLog({ function: 'contract', level: 'ERROR', write: console.error });
  return startCluster({ directory, sink, log, onFact: () => undefined });
});
