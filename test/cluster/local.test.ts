/** `npm run local -- --kubeconfig` as its user runs it, against a real control plane with a node. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../shared/io/log.ts';
import { endCommands, startCommand } from '../support/command.ts';
import { freePorts } from './controlPlane/processes.ts';
import { type NodeCluster, startNodeCluster } from './node/cluster.ts';
import { type Kubectl, kubectlWith } from './node/kubectl.ts';
import { REFUSED } from './system/refusals.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/ilogtail');

const REGISTRATIONS = 'validatingwebhookconfigurations,mutatingwebhookconfigurations';
/** Every kind of which there are objects in infra/cluster, but the definition. */
const ALL = [
  REGISTRATIONS,
  'namespaces,serviceaccounts,clusterroles,clusterrolebindings,roles,rolebindings',
  'validatingadmissionpolicies,validatingadmissionpolicybindings,flowschemas,prioritylevelconfigurations',
].join();
const OURS = ['-l', 'app.kubernetes.io/part-of=sidecarset-serverless'];

let directory: string;
let cluster: NodeCluster;
let kubectl: Kubectl;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'served-'));
  const log = createLog({ function: 'test', level: 'ERROR', write: console.error });
  cluster = await startNodeCluster({ directory, sink: join(directory, 'sink'), log });
  kubectl = kubectlWith(cluster.kubeconfig, directory);
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

  const again = await startCommand(directory, 'local.ts', args);
  const refused = await again.ended;
  expect([refused.exitCode, refused.errors]).toEqual([
    2,
    expect.stringContaining('the cluster calls functions already'),
  ]);
  expect(await kubectl(...configuration, ...url)).toContain(`https://127.0.0.1:${port}/`);

  child.kill('SIGINT');
  const { exitCode, output, errors, left } = await ended;
  expect([exitCode, left], errors).toEqual([130, []]);
  expect(`${output}${errors}`).not.toMatch(REFUSED);
  expect(output).toContain('What stays');
  expect(await kubectl('get', ALL, '-A', '-o', 'name', ...OURS)).toBe('namespace/sidecarset-system');
  const strategy = ['-o', 'jsonpath={.spec.conversion.strategy}'];
  expect(await kubectl('get', 'crd', 'sidecarsets.apps.kruise.io', ...strategy)).toBe('None');
  expect(await kubectl('get', 'sidecarsets', '-o', 'name')).toContain('ilogtail-sidecarset');
}, 120_000);

it('registers nothing for an address that is not of this machine', async () => {
  const args = ['--kubeconfig', cluster.kubeconfig, '--host', '192.0.2.1'];
  const { ended } = await startCommand(directory, 'local.ts', args);
  const { exitCode, output, errors } = await ended;
  expect(output).toBe('');
  expect(errors).toContain('192.0.2.1 is no address of this machine');
  expect(exitCode).toBe(2);
  expect(await kubectl('get', REGISTRATIONS, '-o', 'name')).toBe('');
  expect(await kubectl('get', 'serviceaccounts', '-n', 'sidecarset-system', '-o', 'name', ...OURS)).toBe('');
});
