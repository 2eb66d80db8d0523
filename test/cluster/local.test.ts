/** `npm run local -- --kubeconfig` as its user runs it, against a real control plane with a node. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLog } from '../../shared/io/log.ts';
import { endCommands, startCommand } from '../support/command.ts';
import { freePorts } from './controlPlane/processes.ts';
import { type NodeCluster, startNodeCluster } from './node/cluster.ts';
import { type Kubectl, kubectlWith } from './node/kubectl.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/ilogtail');

let directory: string;
let cluster: NodeCluster;
let kubectl: Kubectl;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'served-'));
  const log = createLog({ function: 'test', level: 'ERROR', write: console.error });
  cluster = await startNodeCluster({ directory, sink: join(directory, 'sink'), log });
  kubectl = kubectlWith(cluster.kubeconfig, directory);
  // Until infra/cluster brings the functions' own rights.
  const group = '--group=system:serviceaccounts:sidecarset-system';
  await kubectl('create', 'clusterrolebinding', 'functions', '--clusterrole=cluster-admin', group);
}, 240_000);
afterAll(async () => {
  endCommands();
  await cluster?.stop();
  await rm(directory, { recursive: true, force: true });
}, 60_000);

it('serves the functions to a cluster that runs, and takes them out of it at the end', async () => {
  const [port = 0] = await freePorts(1);
  const args = ['--kubeconfig', cluster.kubeconfig, '--host', '127.0.0.1', '--port', String(port)];
  const { child, ended, seen } = await startCommand(directory, 'local.ts', args);
  await seen(/Ready.*Ctrl-C/s);
  const url = ['-o', 'jsonpath={.webhooks[0].clientConfig.url}'];
  const configuration = ['get', 'mutatingwebhookconfiguration', 'sidecarset-serverless'];
  expect(await kubectl(...configuration, ...url)).toContain(`https://127.0.0.1:${port}/`);

  const files = ['secret', 'sidecarset', 'job'].flatMap((name) => ['-f', join(EXAMPLES, `${name}.yaml`)]);
  await kubectl('apply', ...files);
  await kubectl('wait', '--for=condition=complete', 'job/nginx-mock', '--timeout=50s');
  const names = 'jsonpath={.items[*].spec.containers[*].name}';
  const ofJob = ['get', 'pods', '-l', 'job-name=nginx-mock', '-o', names];
  expect((await kubectl(...ofJob)).split(' ').sort()).toEqual(['ilogtail', 'nginx']);

  child.kill('SIGINT');
  const { exitCode, errors, left } = await ended;
  expect([exitCode, left], errors).toEqual([130, []]);
  const kinds = 'validatingwebhookconfigurations,mutatingwebhookconfigurations';
  expect(await kubectl('get', kinds, '-o', 'name')).toBe('');
  const strategy = ['-o', 'jsonpath={.spec.conversion.strategy}'];
  expect(await kubectl('get', 'crd', 'sidecarsets.apps.kruise.io', ...strategy)).toBe('None');
  expect(await kubectl('get', 'sidecarsets', '-o', 'name')).toContain('ilogtail-sidecarset');
}, 120_000);

describe('bad input is told in a sentence', () => {
  const cases: [string, () => Promise<string[]>, string][] = [
    [
      'a file that is not there',
      async () => ['--kubeconfig', '/nowhere'],
      "--kubeconfig /nowhere: can't be read",
    ],
    ['a file without a cluster', async () => ['--kubeconfig', await kubeconfigOf({})], 'no current cluster'],
    [
      'a cluster without an authority',
      async () => {
        const entry = { name: 'here', cluster: { server: 'https://127.0.0.1:1' } };
        const context = { name: 'here', context: { cluster: 'here', user: 'me' } };
        const users = [{ name: 'me', user: { token: 't' } }];
        const config = { clusters: [entry], contexts: [context], users, 'current-context': 'here' };
        return ['--kubeconfig', await kubeconfigOf(config)];
      },
      'cluster here has no certificate-authority',
    ],
    [
      'an address of another machine',
      async () => ['--kubeconfig', cluster.kubeconfig, '--host', '192.0.2.1'],
      '192.0.2.1 is no address of this machine',
    ],
    ['every address', async () => ['--kubeconfig', '/x', '--host', '0.0.0.0'], 'one address of this machine'],
    ['an address without a cluster', async () => ['--host', '127.0.0.1'], '--host: only with --kubeconfig'],
  ];
  const kubeconfigOf = async (config: object): Promise<string> => {
    const file = join(await mkdtemp(join(directory, 'config-')), 'kubeconfig');
    await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...config }));
    return file;
  };

  it.each(cases)('%s', async (_, args, message) => {
    const { ended } = await startCommand(directory, 'local.ts', await args());
    const { exitCode, errors } = await ended;
    expect(errors).toContain(message);
    expect(errors).not.toContain('    at ');
    expect(exitCode).not.toBe(0);
    expect(await kubectl('get', 'mutatingwebhookconfigurations', '-o', 'name')).toBe('');
  });
});
