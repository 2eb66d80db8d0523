import type { Cluster } from '../ports.ts';
import type { ClusterAccess } from './access.ts';
import { createCluster } from './client.ts';
import { createHttpsTransport } from './https.ts';

/** The cluster as a function reaches it. What `exec` needs is loaded at the first exec: admission never loads it. */
export const connectCluster = (access: ClusterAccess): Cluster =>
  createCluster(createHttpsTransport(access), async (path, query) => {
    const { createExec } = await import('./exec.ts');
    return createExec(access)(path, query);
  });
