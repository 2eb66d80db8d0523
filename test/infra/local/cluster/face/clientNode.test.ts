/** The client library that the CLI and users' programs take. */
import { Writable } from 'node:stream';
import {
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  type V1Status,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { KubeletEndpoint } from '../../../../../infra/local/cluster/api/types.ts';
import { kubeconfig } from '../../../../../infra/local/kubeconfig.ts';
import { CONFIG_MAPS, configMap, PODS, pod, startTestFace, type TestFace, TOKEN } from './face.ts';

const kubelet: KubeletEndpoint = {
  async *logs() {
    yield 'a line\n';
  },
  exec: async (_pod, _container, command) => ({ exitCode: 3, stdout: command.join(' '), stderr: 'noise' }),
};

let face: TestFace;
const config = new KubeConfig();
beforeAll(async () => {
  face = await startTestFace({ kubelet });
  config.loadFromString(
    kubeconfig({ url: face.url, ca: face.ca, credentials: { token: TOKEN }, name: 'test' }),
  );
  await face.write('POST', PODS, pod('web'));
});
afterAll(() => face.close());

const collector = () => {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
};

describe('@kubernetes/client-node', () => {
  it('creates, reads, replaces and deletes', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const key = { namespace: 'default', name: 'typed' };
    const created = await core.createNamespacedConfigMap({ namespace: 'default', body: configMap('typed') });
    await core.replaceNamespacedConfigMap({ ...key, body: { ...created, data: { a: '1' } } });
    expect((await core.readNamespacedConfigMap(key)).data).toEqual({ a: '1' });
    await core.deleteNamespacedConfigMap(key);
    await expect(core.readNamespacedConfigMap(key)).rejects.toMatchObject({ code: 404 });
  });

  it('finds by discovery where a kind is served, and patches it', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    await objects.create({ ...configMap('generic'), metadata: { name: 'generic', namespace: 'default' } });
    const patched = await objects.patch({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'generic', namespace: 'default', labels: { a: 'b' } },
    });
    expect(patched.metadata?.labels).toEqual({ a: 'b' });
  });

  it('watches', async () => {
    const seen: string[] = [];
    const path = `${CONFIG_MAPS}?fieldSelector=metadata.name%3Dwatched`;
    const request = await new Watch(config).watch(
      path,
      {},
      (type) => seen.push(type),
      () => undefined,
    );
    await face.write('POST', CONFIG_MAPS, configMap('watched'));
    await vi.waitFor(() => expect(seen).toEqual(['ADDED']));
    request.abort();
  });

  it('reads logs', async () => {
    const core = config.makeApiClient(CoreV1Api);
    expect(await core.readNamespacedPodLog({ namespace: 'default', name: 'web' })).toBe('a line\n');
  });

  it('runs a command', async () => {
    const [stdout, stderr] = [collector(), collector()];
    const status = await new Promise<V1Status>((resolve, reject) => {
      new Exec(config)
        .exec('default', 'web', 'main', ['say', 'it'], stdout.stream, stderr.stream, null, false, resolve)
        .catch(reject);
    });
    expect([stdout.text(), stderr.text()]).toEqual(['say it', 'noise']);
    expect(status).toMatchObject({
      status: 'Failure',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    });
  });
});
