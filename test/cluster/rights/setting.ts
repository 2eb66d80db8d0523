/** A cluster of the tests' own, as rights hold for a whole one: with the shipped rights, and without webhooks. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { vi } from 'vitest';
import { parse } from 'yaml';
import { FUNCTIONS, type FunctionName, identityOf } from '../../../infra/identities.ts';
import type { User } from '../../../infra/local/cluster/api/types.ts';
import type { RunningCluster } from '../../../infra/local/cluster/cluster.ts';
import type { ClusterAccess } from '../../../shared/io/cluster/access.ts';
import { connectCluster } from '../../../shared/io/cluster/connect.ts';
import type { Cluster } from '../../../shared/io/ports.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  NAMESPACES,
  SERVICE_ACCOUNTS,
  SIDECARSETS,
} from '../../../shared/model/resources.ts';
import { type Call, recordedCluster } from './calls.ts';

export interface Setting {
  /** Bears all rights. */
  admin: Cluster;
  adminAccess: ClusterAccess;
  /** By function: its own identity. */
  access: Record<FunctionName, ClusterAccess>;
  /** By function: its client, which records into `calls`. */
  clusters: Record<FunctionName, Cluster>;
  calls: Record<FunctionName, Call[]>;
  stop(): Promise<void>;
}

const MANIFESTS = fileURLToPath(new URL('../../../infra/cluster/', import.meta.url));
const PATIENCE = { timeout: 60_000, interval: 50 };

const byFunction = <T>(make: (name: FunctionName) => T): Record<FunctionName, T> =>
  Object.fromEntries(FUNCTIONS.map((name) => [name, make(name)])) as Record<FunctionName, T>;

/** The shipped definition, served without our webhook: it is converted by the API server itself. */
const createDefinition = async (admin: Cluster): Promise<void> => {
  const crd = parse(await readFile(join(MANIFESTS, 'crd.yaml'), 'utf8'));
  await admin.create<KubernetesObject>(CUSTOM_RESOURCE_DEFINITIONS, {
    ...crd,
    spec: { ...crd.spec, conversion: undefined },
  });
  await vi.waitFor(() => admin.list(SIDECARSETS), PATIENCE);
};

/** A real API server takes Pods in a namespace once it has its service account. */
export const untilTakesPods = async ({ admin }: Setting, namespace: string): Promise<void> => {
  await vi.waitUntil(() => admin.get(SERVICE_ACCOUNTS, { namespace, name: 'default' }), PATIENCE);
};

const applyRights = async (kubeconfig: string, directory: string): Promise<void> => {
  const env = { PATH: process.env['PATH'], HOME: directory, KUBECONFIG: kubeconfig };
  const kubectl = (...args: string[]) => promisify(execFile)('kubectl', args, { env });
  await kubectl('apply', '-f', join(MANIFESTS, 'namespace.yaml'));
  await kubectl('apply', '-k', join(MANIFESTS, 'rights'));
};

type Start = (options: { directory: string; users: Map<string, User> }) => Promise<RunningCluster>;

/** @param namespaces are there */
export const startSetting = async (namespaces: string[], start: Start): Promise<Setting> => {
  await using undo = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'sidecarset-rights-'));
  undo.defer(() => rm(directory, { recursive: true, force: true }));
  const tokens = byFunction(() => randomBytes(24).toString('base64url'));
  const users = new Map(FUNCTIONS.map((name) => [tokens[name], identityOf(name)]));
  const { url, authority, token, kubeconfig, stop } = await start({ directory, users });
  undo.defer(stop);
  const accessWith = (secret: string): ClusterAccess => ({ endpoint: url, ca: authority.ca, token: secret });
  const adminAccess = accessWith(token);
  const admin = connectCluster(adminAccess);
  await applyRights(kubeconfig, directory);
  await createDefinition(admin);
  for (const name of namespaces) await admin.create<KubernetesObject>(NAMESPACES, { metadata: { name } });
  const access = byFunction((name) => accessWith(tokens[name]));
  const calls = byFunction((): Call[] => []);
  const clusters = byFunction((name) => recordedCluster(access[name], calls[name]));
  const started = undo.move();
  return { admin, adminAccess, access, clusters, calls, stop: () => started.disposeAsync() };
};
