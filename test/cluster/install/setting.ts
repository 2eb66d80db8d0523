/** A control plane of the file's own: what is installed here is cluster-wide. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openCluster, type UserCluster } from '../../../cli/cluster.ts';
import type { Endpoint } from '../../../cli/install/render.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import {
  FUNCTIONS_TOKEN,
  FUNCTIONS_USER,
  type FunctionsEndpoint,
  startDoor,
  startFunctions,
  TOKENS,
} from '../../support/functionsEndpoint.ts';
import { startControlPlane } from '../controlPlane/controlPlane.ts';

export interface Setting {
  cluster: UserCluster;
  kubeconfig: string;
  directory: string;
  functions: FunctionsEndpoint;
  /** Answers everyone but the API server. */
  door: FunctionsEndpoint;
}

export const endpointOf = ({ base, ca }: FunctionsEndpoint, token: string = TOKENS[0]): Endpoint => ({
  url: `${base}/${token}`,
  ca,
});

export const useSetting = (): (() => Setting) => {
  const undo = new AsyncDisposableStack();
  let setting: Setting | undefined;
  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sidecarset-install-'));
    undo.defer(() => rm(directory, { recursive: true, force: true }));
    const users = new Map([[FUNCTIONS_TOKEN, FUNCTIONS_USER]]);
    const plane = await startControlPlane({ directory: join(directory, 'control-plane'), users });
    undo.defer(() => plane.stop());
    const functions = await startFunctions(plane);
    undo.defer(() => functions.stop());
    const door = await startDoor(functions);
    undo.defer(() => door.stop());
    const { kubeconfig } = plane;
    setting = { cluster: await openCluster(kubeconfig), kubeconfig, directory, functions, door };
  }, 180_000);
  afterAll(() => undo.disposeAsync());
  return () => {
    if (!setting) throw new Error('the setting is not there before the tests run');
    return setting;
  };
};

export const REGISTRATIONS = [
  'mutatingwebhookconfigurations sidecarset-serverless',
  'mutatingwebhookconfigurations sidecarset-serverless-inject',
  'validatingwebhookconfigurations sidecarset-serverless',
  'validatingwebhookconfigurations sidecarset-serverless-observe',
];

const registrations = (plural: string) => ({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural,
  kind: '',
  namespaced: false,
});

/** `<plural> <name>` of every webhook configuration, with its object. */
export const registered = async (cluster: UserCluster): Promise<Map<string, KubernetesObject>> => {
  const found = new Map<string, KubernetesObject>();
  for (const plural of ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'])
    for (const item of (await cluster.list(registrations(plural))).items)
      found.set(`${plural} ${item.metadata.name}`, item);
  return found;
};

export interface Definition extends KubernetesObject {
  spec: { conversion: { strategy: string; webhook?: { clientConfig: { url?: string; service?: object } } } };
  status: { storedVersions: string[] };
}
