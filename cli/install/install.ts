import { join } from 'node:path';
import type { UserCluster } from '../cluster.ts';
import { readManifests } from '../manifests.ts';
import { type Endpoint, renderManifests } from './render.ts';

const DIRECTORY = join(import.meta.dirname, '../../infra/cluster');

/** In this order: what is registered later needs what came before. */
const FILES = [
  'namespace.yaml',
  'crd.yaml',
  'rights/inject.yaml',
  'rights/launch.yaml',
  'rights/terminate.yaml',
  'rights/rollout.yaml',
  'rights/resync.yaml',
  'rights/launch.policy.yaml',
  'rights/terminate.policy.yaml',
  'rights/rollout.policy.yaml',
  'rights/inject.flow.yaml',
  'webhooks.yaml',
];

/** Makes a cluster call the functions at `endpoint`. Idempotent. */
export const install = async (cluster: UserCluster, endpoint: Endpoint): Promise<void> => {
  for (const file of FILES) {
    const manifests = renderManifests(await readManifests(join(DIRECTORY, file)), endpoint);
    for (const manifest of manifests) await cluster.apply(manifest);
  }
};
