/** `kubectl apply` and `kubectl diff`, on the client's side and on the server's. */
import { describe, expect } from 'vitest';
import type { Json } from './harness/api.ts';
import { type Api, configMap, configMapsIn, contract, freshNamespace } from './harness/contract.ts';
import { deployment, done, NEVER_FAILS, prints } from './harness/kubectl.ts';

const forgetsChanges = prints('takes every change for none', 'configured', 'unchanged');

const start = async (api: Api) => {
  const namespace = await freshNamespace();
  const apply = (input: string | object, ...args: string[]) =>
    api.kubectl(['apply', '-n', namespace, '-f', '-', ...args], input);
  return { namespace, apply, path: `${configMapsIn(namespace)}/a` };
};

/** As a user writes them: several kinds in one file, with comments, a text block and text for a Secret. */
const MANIFESTS = `# what the job reads
apiVersion: v1
kind: ConfigMap
metadata:
  name: config
data:
  app.conf: |
    level = info
    path = /var/log
---
apiVersion: v1
kind: Secret
metadata:
  name: login
type: Opaque
stringData:
  password: hunter2
---
apiVersion: batch/v1
kind: Job
metadata:
  name: work
spec:
  suspend: true
  backoffLimit: 0
  template:
    metadata:
      labels: {app: work}
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: nginx:1
          envFrom:
            - secretRef: {name: login}
          volumeMounts:
            - {name: config, mountPath: /etc/app}
      volumes:
        - name: config
          configMap: {name: config}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 0
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: main
          image: nginx:1
          resources:
            limits: {cpu: 100m, memory: 64Mi}
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
    - port: 80
`;

const lines = (verdict: string) =>
  ['configmap/config', 'secret/login', 'job.batch/work', 'deployment.apps/web', 'service/web']
    .map((name) => `${name} ${verdict}\n`)
    .join('');

describe('kubectl apply', () => {
  contract('creates, changes and then finds nothing to change', forgetsChanges, async (api) => {
    const { apply, path } = await start(api);
    expect(await apply(configMap('a', { x: '1', y: '1' }))).toEqual(done('configmap/a created'));
    expect(await apply(configMap('a', { x: '2', y: '1' }))).toEqual(done('configmap/a configured'));
    expect(await apply(configMap('a', { x: '2', y: '1' }))).toEqual(done('configmap/a unchanged'));
    expect((await api.sureGet(path)).data).toEqual({ x: '2', y: '1' });
  });

  contract('removes what it applied before and leaves what others wrote', forgetsChanges, async (api) => {
    const { apply, path } = await start(api);
    await apply(configMap('a', { x: '1', y: '1' }));
    await api.patch('merge', path, { data: { other: '1' } });
    expect(await apply(configMap('a', { y: '1' }))).toEqual(done('configmap/a configured'));
    expect((await api.sureGet(path)).data).toEqual({ y: '1', other: '1' });
  });

  contract(
    'takes several kinds in one file, twice',
    prints('finds changes where there are none', /unchanged/g, 'configured'),
    async (api) => {
      const { apply, namespace } = await start(api);
      expect(await apply(MANIFESTS)).toEqual({ code: 0, stdout: lines('created'), stderr: '' });
      // Nobody can see that stringData is there already.
      const again = lines('unchanged').replace('login unchanged', 'login configured');
      expect(await apply(MANIFESTS)).toEqual({ code: 0, stdout: again, stderr: '' });
      const secret = await api.sureGet(`/api/v1/namespaces/${namespace}/secrets/login`);
      expect(secret).toMatchObject({ data: { password: 'aHVudGVyMg==' } });
      expect(secret).not.toHaveProperty('stringData');
    },
  );

  contract('merges containers and their environment by name', forgetsChanges, async (api) => {
    const { apply, namespace } = await start(api);
    await apply(
      deployment('d', {
        env: [
          { name: 'ONE', value: '1' },
          { name: 'TWO', value: '2' },
        ],
      }),
    );
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/d`;
    const sidecar = { spec: { template: { spec: { containers: [{ name: 'side', image: 'side:1' }] } } } };
    await api.patch('strategic', path, sidecar);
    const changed = deployment('d', { image: 'nginx:2', env: [{ name: 'TWO', value: '2' }] });
    expect(await apply(changed)).toEqual(done('deployment.apps/d configured'));
    expect((await api.sureGet(path)).spec).toMatchObject({
      template: {
        spec: {
          containers: [
            { name: 'side', image: 'side:1' },
            { name: 'main', image: 'nginx:2', env: [{ name: 'TWO', value: '2' }] },
          ],
        },
      },
    });
  });

  contract('is refused with an unknown field, which it names', NEVER_FAILS, async (api) => {
    const { apply, namespace } = await start(api);
    const output = await apply(deployment('d', { imagee: 'nginx:1' }, { replica: 1 }));
    expect(output).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Error from server (BadRequest): error when creating "STDIN": Deployment in version "v1" cannot be handled ' +
        'as a Deployment: strict decoding error: unknown field "spec.replica", ' +
        'unknown field "spec.template.spec.containers[0].imagee"\n',
    });
    expect((await api.get(`/apis/apps/v1/namespaces/${namespace}/deployments/d`)).status).toBe(404);
  });

  contract(
    'drops an unknown field without validation, and warns about it on demand',
    prints('keeps silent about unknown fields', /^Warning.*\n/, ''),
    async (api) => {
      const { apply, path } = await start(api);
      const odd = { ...configMap('a', { x: '1' }), dat: {} };
      expect(await apply(odd, '--validate=false')).toEqual(done('configmap/a created'));
      expect(await api.sureGet(path)).not.toHaveProperty('dat');
      const warned = await apply({ ...odd, data: { x: '2' } }, '--validate=warn');
      expect(warned).toEqual({ ...done('configmap/a configured'), stderr: 'Warning: unknown field "dat"\n' });
    },
  );

  contract('is refused with a value of the wrong type', NEVER_FAILS, async (api) => {
    const { apply } = await start(api);
    const { code, stderr } = await apply(deployment('d', {}, { replicas: '2' }));
    expect([code, stderr]).toEqual([
      1,
      'Error from server (BadRequest): error when creating "STDIN": Deployment in version "v1" cannot be handled ' +
        'as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32\n',
    ]);
  });

  contract(
    'in a dry run of the server stores nothing',
    prints('does not say that it ran dry', ' (server dry run)', ''),
    async (api) => {
      const { apply, path } = await start(api);
      const body = configMap('a', { x: '1' });
      expect(await apply(body, '--dry-run=server')).toEqual(done('configmap/a created (server dry run)'));
      expect((await api.get(path)).status).toBe(404);
      await apply(body);
      const tried = await apply(configMap('a', { x: '2' }), '--dry-run=server');
      expect(tried).toEqual(done('configmap/a configured (server dry run)'));
      expect((await api.sureGet(path)).data).toEqual({ x: '1' });
    },
  );

  contract('prunes what is in the file no more', prints('prunes nothing', /.*pruned\n/, ''), async (api) => {
    const { apply, path } = await start(api);
    const labelled = (name: string) => configMap(name, { x: '1' }, { labels: { app: 'pruned' } });
    await apply(labelled('a'));
    const output = await apply(
      labelled('b'),
      '--prune',
      '-l',
      'app=pruned',
      '--prune-allowlist=core/v1/ConfigMap',
    );
    expect(output).toMatchObject({ code: 0, stdout: 'configmap/b created\nconfigmap/a pruned\n' });
    expect((await api.get(path)).status).toBe(404);
  });
});

describe('kubectl apply --server-side', () => {
  contract(
    'creates, changes, and removes what it does not apply any more',
    prints('does not know of server-side apply', /serverside-applied/, 'created'),
    async (api) => {
      const { apply, path } = await start(api);
      const applied = done('configmap/a serverside-applied');
      expect(await apply(configMap('a', { x: '1', y: '1' }), '--server-side')).toEqual(applied);
      expect(await apply(configMap('a', { y: '2' }), '--server-side')).toEqual(applied);
      const { data, metadata } = await api.sureGet(path);
      expect(data).toEqual({ y: '2' });
      expect(metadata.managedFields).toMatchObject([{ manager: 'kubectl', operation: 'Apply' }]);
      expect(metadata.annotations).toBeUndefined();
    },
  );

  contract(
    'takes several kinds in one file',
    prints('does not know of server-side apply', /serverside-applied/, 'created'),
    async (api) => {
      const { apply } = await start(api);
      const applied = { code: 0, stdout: lines('serverside-applied'), stderr: '' };
      expect(await apply(MANIFESTS, '--server-side')).toEqual(applied);
      expect(await apply(MANIFESTS, '--server-side')).toEqual(applied);
    },
  );

  contract(
    'fails on a conflict and says how to go on; --force-conflicts takes the field',
    NEVER_FAILS,
    async (api) => {
      const { apply, path } = await start(api);
      await apply(configMap('a', { x: '1' }), '--server-side', '--field-manager=other');
      const refused = await apply(configMap('a', { x: '2' }), '--server-side');
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(
        /^error: Apply failed with 1 conflict: conflict with "other": \.data\.x\nPlease review the fields above/,
      );
      const forced = await apply(configMap('a', { x: '2' }), '--server-side', '--force-conflicts');
      expect(forced).toEqual(done('configmap/a serverside-applied'));
      expect((await api.sureGet(path)).data).toEqual({ x: '2' });
    },
  );

  contract('takes over what the same kubectl applied on the client side', NEVER_FAILS, async (api) => {
    const { apply, path } = await start(api);
    await apply(configMap('a', { x: '1', gone: '1' }));
    const output = await apply(configMap('a', { x: '2' }), '--server-side');
    expect(output).toMatchObject({ code: 0, stdout: 'configmap/a serverside-applied\n' });
    const { data, metadata } = await api.sureGet(path);
    expect(data).toEqual({ x: '2' });
    const managers = metadata.managedFields?.map(({ manager }) => manager) ?? [];
    expect(managers).toContain('kubectl');
    expect(managers).not.toContain('kubectl-client-side-apply');
    const back = await apply(configMap('a', { x: '3' }));
    expect(back).toEqual(done('configmap/a configured'));
    expect(output.stderr).toBe('');
    expect(await apply({ ...configMap('a', { x: '3' }), dat: 1 }, '--server-side')).toMatchObject({
      code: 1,
    });
  });

  contract('is refused with an unknown field', NEVER_FAILS, async (api) => {
    const { apply, namespace } = await start(api);
    const { code, stderr } = await apply({ ...configMap('a'), dat: {} }, '--server-side');
    expect([code, stderr]).toEqual([
      1,
      `Error from server: failed to create typed patch object (${namespace}/a; /v1, Kind=ConfigMap): .dat: field not declared in schema\n`,
    ]);
  });
});

describe('kubectl diff', () => {
  const sees = { behaviour: 'sees no difference', kubectl: () => ({ code: 0, stdout: '', stderr: '' }) };

  for (const how of [[], ['--server-side']])
    contract(`${how.join(' ')} exits with 1 and shows what an apply would change`, sees, async (api) => {
      const { apply, namespace, path } = await start(api);
      const diff = (data: Json) =>
        api.kubectl(['diff', '-n', namespace, ...how, '-f', '-'], configMap('a', data));
      await apply(configMap('a', { x: 'old' }), ...how);
      const { code, stdout } = await diff({ x: 'new' });
      expect([code, stdout]).toEqual([1, expect.stringMatching(/^- {2}x: old\n\+ {2}x: new$/m)]);
      expect(await diff({ x: 'old' })).toEqual({ code: 0, stdout: '', stderr: '' });
      expect((await api.sureGet(path)).data).toEqual({ x: 'old' });
    });
});
