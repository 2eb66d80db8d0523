/** `pods/exec` and logs through a real kube-apiserver to a node's own TLS endpoint. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createExec } from '../../shared/io/cluster/exec.ts';
import { createLog } from '../../shared/io/log.ts';
import { ClusterError, type ExecResult } from '../../shared/io/ports.ts';
import { freePorts } from './controlPlane/processes.ts';
import { type NodeCluster, startNodeCluster } from './node/cluster.ts';
import { type Kubectl, kubectlWith } from './node/kubectl.ts';

const container = (name: string, script: string) => ({
  name,
  image: 'local/busybox',
  command: ['/bin/sh', '-c', script],
});

const podOf = (name: string, spec: object) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, ...spec },
});

const TALKING = podOf('talking', {
  containers: [
    container('main', "trap 'exit 0' TERM; echo up; while :; do sleep 0.1; done"),
    container('done', 'echo was here'),
  ],
});

let directory: string;
let cluster: NodeCluster;
let kubectl: Kubectl;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exec-'));
  const log = createLog({ function: 'test', level: 'ERROR', write: console.error });
  cluster = await startNodeCluster({ directory, sink: join(directory, 'sink'), log });
  kubectl = kubectlWith(cluster.kubeconfig, directory);
  await kubectl.apply(TALKING);
  const states = 'jsonpath={.status.containerStatuses[*].state}';
  await kubectl.until(/terminated.*running|running.*terminated/, 'get', 'pod', 'talking', '-o', states);
}, 240_000);
afterAll(async () => {
  await cluster?.stop();
  await rm(directory, { recursive: true, force: true });
}, 60_000);

const execIn = (pod: string, name: string, ...command: string[]): Promise<ExecResult> => {
  const { url, token, authority } = cluster;
  const run = createExec({ endpoint: url, ca: authority.ca, token });
  return run(`/api/v1/namespaces/default/pods/${pod}/exec`, [
    ['container', name],
    ['stdout', 'true'],
    ['stderr', 'true'],
    ...command.map((word): [string, string] => ['command', word]),
  ]);
};

const fault = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    (value) => value,
    (reason: unknown) => reason,
  );

/** Ends every connection of the node while the command runs. */
const droppedIn = async <T>(start: (command: string[]) => Promise<T>): Promise<T> => {
  const mark = `begun-${randomUUID()}`;
  const end = start(['sh', '-c', `touch ${mark}; exec sleep 30`]);
  await vi.waitFor(
    async () => expect(await execIn('talking', 'main', 'test', '-f', mark)).toMatchObject({ exitCode: 0 }),
    { timeout: 10_000, interval: 50 },
  );
  cluster.node.endpoint.dropConnections();
  return end;
};

describe('our own client', () => {
  it.each([0, 3, 143])('gets exit code %i, and both outputs', async (exitCode) => {
    const script = `echo out; echo err >&2; exit ${exitCode}`;
    expect(await execIn('talking', 'main', 'sh', '-c', script)).toEqual({
      exitCode,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('is told of a program that is not there', async () => {
    const refusal = await fault(execIn('talking', 'main', '/nowhere'));
    expect(refusal).toBeInstanceOf(ClusterError);
    expect(refusal).toMatchObject({
      code: 500,
      reason: 'InternalError',
      message: expect.stringContaining('stat /nowhere: no such file or directory'),
    });
  });

  it('is refused a container that the Pod does not have', async () => {
    const refusal = await fault(execIn('talking', 'nobody', 'true'));
    expect(refusal).toBeInstanceOf(ClusterError);
    expect(refusal).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message: expect.stringContaining('container nobody is not valid for pod talking'),
    });
  });

  it('is refused a container that has ended', async () => {
    const refusal = await fault(execIn('talking', 'done', 'true'));
    expect(refusal).toBeInstanceOf(ClusterError);
    expect(refusal).toMatchObject({ code: 500, message: expect.stringContaining('container not found') });
  });

  it('never takes a connection that drops in the middle for an end of the command', async () => {
    const outcome = await droppedIn((command) => fault(execIn('talking', 'main', ...command)));
    expect(outcome).toEqual({ exitCode: undefined, stdout: '', stderr: '' });
  });

  it('is told when the node does not answer', async () => {
    const [port = 0] = await freePorts(1);
    await kubectl.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'gone' } });
    const status = {
      addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    };
    await kubectl('patch', 'node', 'gone', '--subresource=status', '-p', JSON.stringify({ status }));
    await kubectl.apply(podOf('stranded', { nodeName: 'gone', containers: [container('main', 'true')] }));
    const refusal = await fault(execIn('stranded', 'main', 'true'));
    expect(refusal).toBeInstanceOf(ClusterError);
    expect(refusal).toMatchObject({ message: expect.stringContaining('connection refused') });
  });
});

describe('kubectl', () => {
  it.each([
    ['WebSocket', {}],
    ['SPDY', { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false' }],
  ])('over %s exits as the command does, with its outputs', async (_, env) => {
    const command = ['exec', 'talking', '-c', 'main', '--', 'sh', '-c'];
    const fine = await kubectl.run([...command, 'echo out; echo err >&2'], '', env);
    expect(fine).toEqual({ code: 0, stdout: 'out\n', stderr: 'err\n' });
    const failing = await kubectl.run([...command, 'echo so; exit 7'], '', env);
    expect(failing).toMatchObject({
      code: 7,
      stdout: 'so\n',
      stderr: 'command terminated with exit code 7\n',
    });
  });

  it('gets an output of many frames whole', async () => {
    const script = 'i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done';
    const { stdout } = await kubectl.run(['exec', 'talking', '-c', 'main', '--', 'sh', '-c', script]);
    expect(stdout).toBe(Array.from({ length: 20_000 }, (_, index) => `${index}\n`).join(''));
  });

  it('is refused stdin, by name', async () => {
    const { code, stderr } = await kubectl.run(['exec', '-i', 'talking', '-c', 'main', '--', 'cat'], 'text');
    expect([code, stderr]).toEqual([1, expect.stringContaining('stdin and terminals are not supported')]);
  });

  it('reads the log of a container that has ended, and the end of one that runs', async () => {
    expect(await kubectl('logs', 'talking', '-c', 'done')).toBe('was here');
    expect(await kubectl('logs', 'talking', '-c', 'main', '--tail=1')).toBe('up');
    const { code, stderr } = await kubectl.run(['logs', 'talking', '-c', 'done', '--previous']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('previous terminated container "done"')]);
  });
});

it('the API server takes a dropped connection for success in v5, which is why our client does not ask for it', async () => {
  const { code } = await droppedIn((command) =>
    kubectl.run(['exec', 'talking', '-c', 'main', '--', ...command]),
  );
  expect(code).toBe(0);
});

describe("the node's endpoint", () => {
  const ask = (certificate: { key?: string; cert?: string }): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const url = `https://127.0.0.1:${cluster.node.endpoint.port}/containerLogs/default/talking/done`;
      get(url, { ca: cluster.authority.ca, agent: false, ...certificate }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });

  it('answers nobody without a certificate', async () => {
    await expect(ask({})).rejects.toThrow();
  });

  it('answers no other client of the cluster than its API server', async () => {
    const other = await cluster.authority.issueClient('somebody', ['system:masters']);
    expect(await ask(other)).toBe(403);
    const own = await cluster.authority.issueClient('kube-apiserver-kubelet-client', []);
    expect(await ask(own)).toBe(200);
  });
});
