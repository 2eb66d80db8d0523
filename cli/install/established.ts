import { setTimeout as pause } from 'node:timers/promises';
import type { KubernetesObject } from '../../shared/model/kubernetes.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../shared/model/resources.ts';
import type { UserCluster } from '../cluster.ts';
import { UserFacingError } from '../failure.ts';

type Definition = KubernetesObject & {
  status?: { conditions?: { type: string; status: string; message?: string }[] };
};

const PATIENCE_MILLISECONDS = 30_000;
const PAUSE_MILLISECONDS = 100;

/** Resolves once the API server serves what the definition defines; rejects after 30 s. */
export const untilEstablished = async (cluster: UserCluster, name: string): Promise<void> => {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const definition = await cluster.get<Definition>(CUSTOM_RESOURCE_DEFINITIONS, { name });
    const conditions = definition?.status?.conditions ?? [];
    if (conditions.some(({ type, status }) => type === 'Established' && status === 'True')) return;
    if (Date.now() > deadline) {
      const why = conditions.find(({ status }) => status === 'False')?.message ?? 'no reason is given';
      throw new UserFacingError(`CustomResourceDefinition ${name} is not established: ${why}`);
    }
    await pause(PAUSE_MILLISECONDS);
  }
};
