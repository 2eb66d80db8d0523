/** What has to be in the cluster before Pods are. No webhook is installed: nothing is in the way of a write. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { Cluster } from '../../shared/io/ports.ts';
import type { KubernetesObject } from '../../shared/model/kubernetes.ts';
import { SYSTEM_NAMESPACE } from '../../shared/model/names.ts';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  NAMESPACES,
  SERVICE_ACCOUNTS,
  SIDECARSETS,
} from '../../shared/model/resources.ts';
import { until } from './patience.ts';

const MANIFESTS = join(import.meta.dirname, '../../infra/cluster');
const PATIENCE_SECONDS = 60;

const createDefinition = async (admin: Cluster): Promise<void> => {
  const crd = parse(await readFile(join(MANIFESTS, 'crd.yaml'), 'utf8'));
  // Only v1beta1 is used: nothing has to be converted.
  const definition = { ...crd, spec: { ...crd.spec, conversion: undefined } };
  await admin.create<KubernetesObject>(CUSTOM_RESOURCE_DEFINITIONS, definition);
};

/** The shipped rights, and the policies that confine them to fields. */
export const applyRights = async (kubeconfig: string, directory: string): Promise<void> => {
  const env = { PATH: process.env['PATH'], HOME: directory, KUBECONFIG: kubeconfig };
  await promisify(execFile)('kubectl', ['apply', '-k', join(MANIFESTS, 'rights')], { env });
};

/** Returns when SidecarSets, and Pods in `namespace`, are taken. */
export const prepareCluster = async (
  admin: Cluster,
  namespace: string,
  signal: AbortSignal,
): Promise<void> => {
  const patience = { seconds: PATIENCE_SECONDS, signal };
  await createDefinition(admin);
  await until(
    `namespace ${namespace} is there`,
    async () => (await admin.get(NAMESPACES, { name: namespace })) !== undefined,
    patience,
  );
  await admin.create<KubernetesObject>(NAMESPACES, { metadata: { name: SYSTEM_NAMESPACE } });
  // Else the controller manager's: a Pod is not taken without.
  await admin.create<KubernetesObject>(SERVICE_ACCOUNTS, {
    metadata: { name: 'default', namespace },
  });
  const isServed = () =>
    admin.list(SIDECARSETS).then(
      () => true,
      () => false,
    );
  await until('SidecarSets are served', isServed, patience);
};
