/** The simulated node on a real control plane: who it is, what it may do, what its Pods find. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../shared/io/clock.ts';
import { createLog } from '../../shared/io/log.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import { PODS, type Resource } from '../../shared/model/resources.ts';
import { createRemoteClient, type RemoteClient } from './node/client.ts';
import { type NodeCluster, startNodeCluster } from './node/cluster.ts';
import { type Kubectl, kubectlWith } from './node/kubectl.ts';

const SECRETS: Resource = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret', namespaced: true };

let directory: string;
let cluster: NodeCluster;
let kubectl: Kubectl;
/** With the node's own identity. */
let node: RemoteClient;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'joined-'));
  const log = createLog({ function: 'test', level: 'ERROR', write: console.error });
  cluster = await startNodeCluster({ directory, sink: join(directory, 'sink'), log });
  kubectl = kubectlWith(cluster.kubeconfig, directory);
  const credentials = await cluster.authority.issueClient('system:node:local-node', ['system:nodes']);
  const access = { url: cluster.url, ca: cluster.authority.ca, credentials };
  node = createRemoteClient(access, systemClock, log);
}, 240_000);
afterAll(async () => {
  node?.close();
  await cluster?.stop();
  await rm(directory, { recursive: true, force: true });
}, 60_000);

const pod = (name: string, script: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default' },
  spec: {
    restartPolicy: 'Never',
    containers: [{ name: 'main', image: 'local/busybox', command: ['/bin/sh', '-c', script] }],
    ...spec,
  },
});

const succeeded = (name: string) =>
  kubectl('wait', `pod/${name}`, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=30s');

it('is Ready, holds its lease and says where its endpoint is', async () => {
  expect(await kubectl('get', 'nodes', '--no-headers')).toMatch(/^local-node +Ready /);
  await kubectl.until(/^local-node$/, 'get', 'lease', '-n', 'kube-node-lease', '-o', lease);
  expect(await kubectl('get', 'node', 'local-node', '-o', port)).toBe(String(cluster.node.endpoint.port));
});
const lease = 'jsonpath={.items[*].spec.holderIdentity}';
const port = 'jsonpath={.status.daemonEndpoints.kubeletEndpoint.Port}';

it("a container finds its service account's files, and the API server knows the token", async () => {
  const files = '/var/run/secrets/kubernetes.io/serviceaccount';
  await kubectl.apply(
    pod('account', `cd ${files}; ls | tr '\\n' ' '; cat namespace; echo; head -1 ca.crt; cat token`),
  );
  await succeeded('account');
  const [names, authority, token = ''] = (await kubectl('logs', 'account')).split('\n');
  expect(names).toBe('ca.crt namespace token default');
  expect(authority).toBe('-----BEGIN CERTIFICATE-----');
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
  const review = await kubectl.run(['create', '-f', '-', '-o', 'json'], request);
  expect(JSON.parse(review.stdout).status.user).toMatchObject({
    username: 'system:serviceaccount:default:default',
    extra: { 'authentication.kubernetes.io/pod-name': ['account'] },
  });
});

it('a Pod that is deleted ends by SIGTERM within its grace period, and is gone', async () => {
  await kubectl.apply(pod('ending', "trap 'exit 0' TERM; echo up; while :; do sleep 0.1; done"));
  await kubectl('wait', 'pod/ending', '--for=condition=Ready', '--timeout=30s');
  await kubectl('delete', 'pod', 'ending', '--timeout=20s');
  expect(await kubectl('get', 'pods', '-o', 'name')).not.toContain('ending');
});

describe('the identity of a node', () => {
  it('reads a Secret that one of its Pods mounts, and no other', async () => {
    for (const name of ['mounted', 'hidden'])
      await kubectl('create', 'secret', 'generic', name, '--from-literal=k=v');
    const volumes = [{ name: 's', secret: { secretName: 'mounted' } }];
    await kubectl.apply(pod('reading', 'true', { volumes }));
    await succeeded('reading');
    const key = (name: string) => ({ namespace: 'default', name });
    expect((await node.get(SECRETS, key('mounted')))?.metadata.name).toBe('mounted');
    await expect(node.get(SECRETS, key('hidden'))).rejects.toMatchObject({ code: 403, reason: 'Forbidden' });
  });

  it('writes the status of its own Pods only, and nothing but their status', async () => {
    await kubectl.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'other' } });
    await kubectl.apply(pod('abroad', 'true', { nodeName: 'other' }));
    await kubectl.apply(pod('at-home', 'true'));
    await succeeded('at-home');
    const key = (name: string) => ({ namespace: 'default', name });
    const forbidden = { code: 403, reason: 'Forbidden' };
    const patch = { status: { message: 'said by the node' } };
    const status = { type: 'strategic', subresource: 'status' } as const;
    const said = await node.patch<Pod>(PODS, key('at-home'), patch, status);
    expect(said.status?.message).toBe('said by the node');
    await expect(node.patch(PODS, key('abroad'), patch, status)).rejects.toMatchObject(forbidden);
    const labels = { metadata: { labels: { a: 'b' } } };
    await expect(node.patch(PODS, key('at-home'), labels, { type: 'merge' })).rejects.toMatchObject(
      forbidden,
    );
  });
});
