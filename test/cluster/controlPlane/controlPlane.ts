/** A real control plane on loopback: etcd, kube-apiserver and kube-controller-manager, with RBAC and NodeRestriction on. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { createAuthority, type Issued } from '../../../infra/local/certificates.ts';
import type { RunningCluster } from '../../../infra/local/cluster/cluster.ts';
import type { User } from '../../../infra/local/cluster/face/tokens.ts';
import { type KubeconfigOptions, kubeconfig } from '../../../infra/local/kubeconfig.ts';
import { findBinaries } from './binaries.ts';
import { freePorts, type Program, startProgram } from './processes.ts';

export interface ControlPlaneOptions {
  /** Everything is written below it; the caller removes it. */
  directory: string;
  /** More users, by bearer token. */
  users?: Map<string, User>;
  /** Of this machine, where the API server listens: its nodes reach it there. 127.0.0.1 without it. */
  address?: string;
  /** No kube-controller-manager: nobody makes Pods or service accounts, or takes Pods away whose nodes do not exist. */
  withoutControllers?: boolean;
}

const HOST = '127.0.0.1';
/** Each write is one more version until the next compaction. */
const ETCD_BYTES = 8 * 1024 ** 3;
const ADMIN: User = { username: 'admin', groups: ['system:masters'] };

const csv = (token: string, { username, groups }: User): string =>
  `${token},${username},${username},"${groups.join(',')}"`;

const respondsOk = (url: string, ca: string): Promise<boolean> =>
  new Promise((resolve) => {
    get(url, { ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).once('error', () => resolve(false));
  });

/** Writes files with secrets in them, and gives back their paths. */
const createFiles = async (directory: string) => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return async (name: string, content: string): Promise<string> => {
    const path = join(directory, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
};

type WriteFile = Awaited<ReturnType<typeof createFiles>>;

const pair = async (write: WriteFile, name: string, { key, cert }: Issued) => ({
  key: await write(`${name}.key`, key),
  cert: await write(`${name}.crt`, cert),
});

const startEtcd = async (path: string, directory: string, ports: [number, number]) => {
  const [client, peer] = ports.map((port) => `http://${HOST}:${port}`) as [string, string];
  const program = await startProgram(
    path,
    {
      'data-dir': join(directory, 'etcd'),
      'listen-client-urls': client,
      'advertise-client-urls': client,
      'listen-peer-urls': peer,
      'initial-advertise-peer-urls': peer,
      'initial-cluster': `default=${peer}`,
      // What is written here outlives no test run.
      'unsafe-no-fsync': 'true',
      'quota-backend-bytes': String(ETCD_BYTES),
      'log-level': 'warn',
    },
    join(directory, 'etcd.log'),
  );
  return { url: client, program };
};

interface Controllers {
  binary: string;
  directory: string;
  port: number;
  config: string;
  /** Files: what the API server serves with, and the key of the accounts' tokens. */
  serving: { key: string; cert: string };
  accountsKey: string;
  ca: string;
}

const startControllers = (given: Controllers): Promise<Program> =>
  startProgram(
    given.binary,
    {
      kubeconfig: given.config,
      'authentication-kubeconfig': given.config,
      'authorization-kubeconfig': given.config,
      'bind-address': HOST,
      'secure-port': String(given.port),
      'tls-cert-file': given.serving.cert,
      'tls-private-key-file': given.serving.key,
      'leader-elect': 'false',
      'use-service-account-credentials': 'true',
      'service-account-private-key-file': given.accountsKey,
      'root-ca-file': given.ca,
    },
    join(given.directory, 'kube-controller-manager.log'),
  );

/** Rejects, with nothing left running, if a program can't be had or does not become ready. */
export const startControlPlane = async ({
  directory,
  users,
  address = HOST,
  withoutControllers = false,
}: ControlPlaneOptions): Promise<RunningCluster> => {
  const binaries = await findBinaries();
  await using undo = new AsyncDisposableStack();
  const write = await createFiles(directory);
  const authority = await createAuthority();
  const ca = await write('ca.crt', authority.ca);
  const [etcdPort = 0, peerPort = 0, port = 0, managerPort = 0] = await freePorts(4);
  const url = `https://${address}:${port}`;
  const token = randomBytes(24).toString('base64url');

  const etcd = await startEtcd(binaries.etcd, directory, [etcdPort, peerPort]);
  undo.defer(() => etcd.program.stop());

  const serving = await pair(
    write,
    'apiserver',
    await authority.issue('kube-apiserver', [...new Set([address, HOST, 'localhost'])]),
  );
  const kubeletClient = await pair(
    write,
    'kubelet-client',
    await authority.issueClient('kube-apiserver-kubelet-client', ['system:masters']),
  );
  const accounts = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const accountsKey = await write('service-accounts.key', accounts.privateKey);
  const tokens = [...(users ?? []), [token, ADMIN] as const].map(([secret, user]) => csv(secret, user));
  const apiServer = await startProgram(
    binaries['kube-apiserver'],
    {
      'etcd-servers': etcd.url,
      'bind-address': address,
      'secure-port': String(port),
      'advertise-address': address,
      // Lets a loopback address be advertised.
      'endpoint-reconciler-type': 'none',
      'service-cluster-ip-range': '10.96.0.0/16',
      'allow-privileged': 'true',
      'cert-dir': directory,
      'client-ca-file': ca,
      'tls-cert-file': serving.cert,
      'tls-private-key-file': serving.key,
      'token-auth-file': await write('tokens.csv', `${tokens.join('\n')}\n`),
      'kubelet-client-certificate': kubeletClient.cert,
      'kubelet-client-key': kubeletClient.key,
      'kubelet-certificate-authority': ca,
      'kubelet-preferred-address-types': 'InternalIP,Hostname',
      'service-account-issuer': url,
      'service-account-key-file': await write('service-accounts.pub', accounts.publicKey),
      'service-account-signing-key-file': accountsKey,
      'authorization-mode': 'Node,RBAC',
      'enable-admission-plugins': 'NodeRestriction',
    },
    join(directory, 'kube-apiserver.log'),
  );
  undo.defer(() => apiServer.stop());
  await apiServer.until(() => respondsOk(`${url}/readyz`, authority.ca));

  const config = (name: string, credentials: KubeconfigOptions['credentials']) =>
    write(`${name}.kubeconfig`, kubeconfig({ url, ca: authority.ca, name, credentials }));
  if (!withoutControllers) {
    const manager = await authority.issueClient('system:kube-controller-manager', []);
    const controllers = await startControllers({
      binary: binaries['kube-controller-manager'],
      directory,
      port: managerPort,
      config: await config('kube-controller-manager', manager),
      serving,
      accountsKey,
      ca,
    });
    undo.defer(() => controllers.stop());
    await controllers.until(() => respondsOk(`https://${HOST}:${managerPort}/healthz`, authority.ca));
  }

  const started = undo.move();
  return {
    url,
    authority,
    token,
    kubeconfig: await config('admin', { token }),
    stop: () => started.disposeAsync(),
  };
};
