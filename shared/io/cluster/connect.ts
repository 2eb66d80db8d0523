import { once } from '../once.ts';
import type { Cluster } from '../ports.ts';
import type { ClusterAccess } from './access.ts';
import { createCluster } from './client.ts';
import { createHttpsTransport } from './https.ts';

const loadExec = () => import('./exec.ts');

/** The cluster as a function reaches it. What `exec` needs is loaded at the first exec: admission never loads it. */
export const connectCluster = (access: ClusterAccess): Cluster => {
  const createExec = once(async () => (await loadExec()).createExec(access));
  return createCluster(createHttpsTransport(access), async (path, query, options) =>
    (await createExec())(path, query, options),
  );
};

/** For a function that will exec: loads what that needs while the process starts. A failure is left to the first exec. */
export const prepareExec = (): void => {
  loadExec().catch(() => undefined);
};
