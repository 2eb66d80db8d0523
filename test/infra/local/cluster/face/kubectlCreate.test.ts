/** kubectl's commands that build the object themselves; since 1.32 they send it as protobuf. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFIG_MAPS, startTestFace, type TestFace } from './face.ts';
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

const NAMESPACE = '/api/v1/namespaces/default';

const container = (image: string, more: object = {}) => expect.objectContaining({ image, ...more });

describe.concurrent('kubectl create', () => {
  it.each([
    ['namespace made', '/api/v1/namespaces/made', { kind: 'Namespace', status: { phase: 'Active' } }],
    [
      'configmap made --from-literal=a=1 --from-literal=empty= --from-literal=word=größe',
      `${CONFIG_MAPS}/made`,
      { kind: 'ConfigMap', data: { a: '1', empty: '', word: 'größe' } },
    ],
    [
      'secret generic made --from-literal=password=geheim --type=example.com/login',
      `${NAMESPACE}/secrets/made`,
      { kind: 'Secret', type: 'example.com/login', data: { password: btoa('geheim') } },
    ],
    ['serviceaccount made', `${NAMESPACE}/serviceaccounts/made`, { kind: 'ServiceAccount' }],
    [
      'service clusterip made --tcp=80:8080 --tcp=443:https --clusterip=None',
      `${NAMESPACE}/services/made`,
      {
        kind: 'Service',
        metadata: { labels: { app: 'made' } },
        spec: {
          type: 'ClusterIP',
          clusterIP: 'None',
          selector: { app: 'made' },
          ports: [
            { name: '80-8080', protocol: 'TCP', port: 80, targetPort: 8080 },
            { name: '443-https', protocol: 'TCP', port: 443, targetPort: 'https' },
          ],
        },
      },
    ],
    [
      'job made --image=busybox:1 -- sh -c true',
      '/apis/batch/v1/namespaces/default/jobs/made',
      {
        kind: 'Job',
        spec: {
          template: {
            spec: {
              restartPolicy: 'Never',
              containers: [container('busybox:1', { name: 'made', command: ['sh', '-c', 'true'] })],
            },
          },
        },
      },
    ],
    [
      'deployment made --image=nginx:1 --image=busybox:1 --replicas=0',
      '/apis/apps/v1/namespaces/default/deployments/made',
      {
        kind: 'Deployment',
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: 'made' } },
          template: {
            metadata: { labels: { app: 'made' } },
            spec: { containers: [container('nginx:1'), container('busybox:1')] },
          },
        },
      },
    ],
    [
      'deployment with-port --image=nginx:1 --port=8080',
      '/apis/apps/v1/namespaces/default/deployments/with-port',
      {
        spec: {
          replicas: 1,
          template: {
            spec: {
              containers: [container('nginx:1', { ports: [{ containerPort: 8080, protocol: 'TCP' }] })],
            },
          },
        },
      },
    ],
  ])('%s', async (command, path, stored) => {
    expect(await kubectl(['create', ...command.split(' ')])).toMatch(/ created$/);
    expect((await face.call(path)).json()).toMatchObject(stored);
  });

  it('keeps the bytes of a file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kubectl-create-test-'));
    const file = join(directory, 'bytes');
    const bytes = Buffer.from([0, 0xff, 0x80, 0x0a]);
    await writeFile(file, bytes);
    await kubectl(['create', 'configmap', 'bytes', `--from-file=${file}`]);
    await rm(directory, { recursive: true });
    expect((await face.call(`${CONFIG_MAPS}/bytes`)).json()).toMatchObject({
      binaryData: { bytes: bytes.toString('base64') },
    });
  });

  it('stores what the same object in JSON is stored as', async () => {
    const path = '/apis/apps/v1/namespaces/default/deployments';
    const args = ['create', 'deployment', 'twice', '--image=nginx:1', '--port=80'];
    const body = JSON.parse(await kubectl([...args, '--dry-run=client', '-o', 'json']));
    const query = '?fieldManager=kubectl-create';
    const fromJson = (await face.call(path + query, { method: 'POST', body })).json();
    await face.call(`${path}/twice`, { method: 'DELETE' });
    await kubectl(args);
    const text = expect.any(String);
    const managedFields = [expect.objectContaining({ manager: 'kubectl-create' })];
    const own = { creationTimestamp: text, resourceVersion: text, uid: text, managedFields };
    expect((await face.call(`${path}/twice`)).json()).toEqual({
      ...fromJson,
      metadata: { ...(fromJson['metadata'] as object), ...own },
    });
  });

  it('says that a kind is not supported', async () => {
    const args = ['create', 'priorityclass', 'high', '--value=1'];
    expect(await kubectl(args, { exitCode: 1 })).toContain(
      'scheduling.k8s.io/v1 PriorityClass in application/vnd.kubernetes.protobuf is not supported',
    );
  });
});
