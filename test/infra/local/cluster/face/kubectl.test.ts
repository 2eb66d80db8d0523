import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Pod } from '../../../../../shared/model/kubernetes.ts';
import {
  ADMIN,
  CONFIG_MAPS,
  configMap,
  definition,
  PODS,
  pod,
  startTestFace,
  type TestFace,
} from './face.ts';
import { createKubectl, type Kubectl } from './kubectl.ts';

let face: TestFace;
let client: Kubectl;

const kubectl: Kubectl['run'] = (...args) => client.run(...args);

beforeAll(async () => {
  face = await startTestFace();
  client = await createKubectl(face);
});

afterAll(async () => {
  await face.close();
  await client.remove();
});

/** The words of each line. */
const words = (text: string): string[][] => text.split('\n').map((line) => line.trim().split(/\s+/));

const deployment = (name: string, env: { name: string; value: string }[]) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: 'nginx:1', env }] },
    },
  },
});

describe.concurrent('kubectl', () => {
  it('creates, and says what is there already', async () => {
    const input = configMap('created', { a: '1' });
    expect(await kubectl(['create', '-f', '-'], { input })).toBe('configmap/created created');
    expect(await kubectl(['create', '-f', '-'], { input, exitCode: 1 })).toContain(
      '"created" already exists',
    );
  });

  it('applies a built-in kind with strategic merge patches', async () => {
    const apply = (input: object) => kubectl(['apply', '-f', '-'], { input });
    const one = { name: 'ONE', value: '1' };
    expect(await apply(deployment('applied', [one]))).toBe('deployment.apps/applied created');
    expect(await apply(deployment('applied', [one]))).toBe('deployment.apps/applied unchanged');
    await kubectl(['set', 'env', 'deployment/applied', 'SET_BY_ANOTHER=x']);
    const changed = deployment('applied', [{ name: 'ONE', value: '2' }]);
    expect(await apply(changed)).toBe('deployment.apps/applied configured');
    const env = '{range .spec.template.spec.containers[0].env[*]}{.name}={.value} {end}';
    const read = await kubectl(['get', 'deployment', 'applied', '-o', `jsonpath=${env}`]);
    expect(read.split(' ').sort()).toEqual(['ONE=2', 'SET_BY_ANOTHER=x']);
  });

  it('applies a custom resource and shows its printer columns', async () => {
    const columns = [
      { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
      { name: 'Hint', type: 'string', jsonPath: '.spec.hint', priority: 1 },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ];
    await kubectl(['apply', '-f', '-'], { input: definition('gizmos', columns) });
    const apply = (size: number) => {
      const input = {
        apiVersion: 'example.com/v1',
        kind: 'Gizmo',
        metadata: { name: 'one' },
        spec: { size },
      };
      return kubectl(['apply', '-f', '-'], { input });
    };
    expect(await apply(3)).toBe('gizmo.example.com/one created');
    expect(await apply(3)).toBe('gizmo.example.com/one unchanged');
    expect(await apply(4)).toBe('gizmo.example.com/one configured');
    expect(words(await kubectl(['get', 'gizmos']))).toEqual([
      ['NAME', 'SIZE', 'AGE'],
      ['one', '4', expect.stringMatching(/^\d+s$/)],
    ]);
  });

  it('gets as table, wide table, YAML, JSON and names', async () => {
    await face.write('POST', PODS, { ...pod('got'), metadata: { name: 'got', labels: { app: 'got' } } });
    const get = (...args: string[]) => kubectl(['get', 'pods', '-l', 'app=got', ...args]);
    const [table, wide, yaml, json, name] = await Promise.all([
      get(),
      get('-o', 'wide'),
      get('-o', 'yaml'),
      get('-o', 'json'),
      get('-o', 'name'),
    ]);
    const age = expect.stringMatching(/^\d+s$/);
    expect(words(table)).toEqual([
      ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'],
      ['got', '0/1', 'Pending', '0', age],
    ]);
    const none = '<none>';
    expect(words(wide)[1]).toEqual(['got', '0/1', 'Pending', '0', age, none, 'local-node', none, none]);
    expect(yaml).toContain('kind: List');
    expect(JSON.parse(json)).toMatchObject({ items: [{ kind: 'Pod', metadata: { name: 'got' } }] });
    expect(name).toBe('pod/got');
  });

  it('streams a change', async () => {
    await face.write('POST', CONFIG_MAPS, configMap('watched'));
    const { child, output, code } = client.start(['get', 'configmap', 'watched', '-w']);
    const rows = () => words(output.stdout.trim()).map(([name, data]) => [name, data]);
    await vi.waitFor(() => expect(rows()).toHaveLength(2), { timeout: 10_000 });
    await face.write('PUT', `${CONFIG_MAPS}/watched`, configMap('watched', { a: '1' }));
    await vi.waitFor(() => expect(rows()).toHaveLength(3), { timeout: 10_000 });
    child.kill();
    await code;
    expect(rows()).toEqual([
      ['NAME', 'DATA'],
      ['watched', '0'],
      ['watched', '1'],
    ]);
  });

  it('patches: merge, JSON and strategic', async () => {
    await face.write('POST', PODS, pod('patched', ['main', 'side']));
    const patch = (type: string, body: unknown) =>
      kubectl(['patch', 'pod', 'patched', `--type=${type}`, '-p', JSON.stringify(body)]);
    await patch('merge', { metadata: { labels: { merged: 'yes' } } });
    await patch('json', [{ op: 'add', path: '/metadata/labels/json', value: 'yes' }]);
    await patch('strategic', { spec: { containers: [{ name: 'side', image: 'nginx:2' }] } });
    const read = JSON.parse(await kubectl(['get', 'pod', 'patched', '-o', 'json'])) as Pod;
    expect(read.metadata.labels).toEqual({ merged: 'yes', json: 'yes' });
    expect(read.spec.containers.map(({ name, image }) => [name, image])).toEqual([
      ['main', 'nginx:1'],
      ['side', 'nginx:2'],
    ]);
  });

  it('labels and annotates', async () => {
    await face.write('POST', CONFIG_MAPS, configMap('marked'));
    expect(await kubectl(['label', 'configmap', 'marked', 'a=b'])).toBe('configmap/marked labeled');
    expect(await kubectl(['annotate', 'configmap', 'marked', 'c=d'])).toBe('configmap/marked annotated');
    expect(await kubectl(['label', 'configmap', 'marked', 'a-'])).toBe('configmap/marked unlabeled');
    const metadata = await kubectl(['get', 'configmap', 'marked', '-o', 'jsonpath={.metadata}']);
    expect(JSON.parse(metadata)).toMatchObject({ annotations: { c: 'd' } });
    expect(JSON.parse(metadata)).not.toHaveProperty('labels.a');
  });

  it('deletes, and waits until the node has ended the pod', async () => {
    await face.write('POST', CONFIG_MAPS, configMap('deleted'));
    await face.write('POST', PODS, pod('ended'));
    const node = face.api.watch(
      {
        method: 'GET',
        path: PODS,
        query: { watch: 'true', fieldSelector: 'metadata.name=ended' },
        user: ADMIN,
      },
      ({ object }) => {
        if ((object as unknown as Pod).metadata.deletionTimestamp === undefined) return;
        queueMicrotask(
          () => void face.write('DELETE', `${PODS}/ended`, { gracePeriodSeconds: 0 }).catch(() => {}),
        );
      },
    );
    expect(await kubectl(['delete', 'configmap/deleted', 'pod/ended'])).toBe(
      'configmap "deleted" deleted\npod "ended" deleted',
    );
    if ('stop' in node) node.stop();
    const gone = await kubectl(['get', 'configmap/deleted', 'pod/ended'], { exitCode: 1 });
    expect(gone).toMatch(/configmaps "deleted" not found[\s\S]*pods "ended" not found/);
  });

  it('discovers resources with their short names and groups', async () => {
    const rows = words(await kubectl(['api-resources']));
    expect(rows).toContainEqual(['pods', 'po', 'v1', 'true', 'Pod']);
    expect(rows).toContainEqual(['deployments', 'deploy', 'apps/v1', 'true', 'Deployment']);
    expect(rows).toContainEqual(['jobs', 'batch/v1', 'true', 'Job']);
  });
});
