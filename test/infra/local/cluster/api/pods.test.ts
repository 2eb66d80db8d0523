import { expect, it } from 'vitest';
import { type Json, PODS, pod, startApi } from './api.ts';

const container = (more: Json = {}) => ({ name: 'main', image: 'nginx:1', ...more });

const createdSpec = async (spec: Json): Promise<Json> =>
  (await startApi().surePost(PODS, pod('web', { spec }))).spec;

it('a pod gets the defaults of Kubernetes', async () => {
  const spec = await createdSpec({ containers: [container()] });
  expect(spec).toMatchObject({
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
    serviceAccountName: 'default',
    containers: [
      {
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
        resources: {},
      },
    ],
  });
  expect(spec['volumes']).toBeUndefined();
});

it.each([
  ['nginx', 'Always'],
  ['nginx:latest', 'Always'],
  ['registry:5000/nginx', 'Always'],
  ['nginx:1.25', 'IfNotPresent'],
  ['nginx@sha256:abc', 'IfNotPresent'],
])('the image %s is pulled %s', async (image, imagePullPolicy) => {
  expect(await createdSpec({ containers: [container({ image })] })).toMatchObject({
    containers: [{ imagePullPolicy }],
  });
});

it('probes, ports, env and volumes get their defaults, init containers too', async () => {
  const probe = { httpGet: { port: 80 } };
  const fieldRef = { fieldPath: 'metadata.name' };
  const spec = await createdSpec({
    containers: [
      container({
        livenessProbe: probe,
        ports: [{ containerPort: 80 }],
        env: [{ name: 'A', valueFrom: { fieldRef } }],
        resources: { limits: { cpu: '1' } },
      }),
    ],
    initContainers: [
      container({ name: 'init', restartPolicy: 'Always', startupProbe: { exec: {}, periodSeconds: 1 } }),
    ],
    volumes: [
      { name: 'a', secret: {} },
      { name: 'b', configMap: { name: 'x', defaultMode: 256 } },
      { name: 'c' },
    ],
  });
  expect(spec).toMatchObject({
    containers: [
      {
        livenessProbe: {
          httpGet: { path: '/', scheme: 'HTTP' },
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
        },
        ports: [{ protocol: 'TCP' }],
        env: [{ valueFrom: { fieldRef: { ...fieldRef, apiVersion: 'v1' } } }],
        resources: { requests: { cpu: '1' } },
      },
    ],
    initContainers: [{ startupProbe: { periodSeconds: 1, timeoutSeconds: 1 } }],
    volumes: [
      { secret: { defaultMode: 420 } },
      { configMap: { defaultMode: 256 } },
      { name: 'c', emptyDir: {} },
    ],
  });
});

const BOTH = { cpu: '1', memory: '1Gi' };

it.each<[string, Json]>([
  ['BestEffort', {}],
  ['Burstable', { requests: { cpu: '1' } }],
  ['Burstable', { limits: { cpu: '1' } }],
  ['Guaranteed', { limits: BOTH }],
  ['Burstable', { limits: BOTH, requests: { cpu: '500m' } }],
  ['Guaranteed', { limits: BOTH, requests: { cpu: '1000m', memory: '1024Mi' } }],
  ['BestEffort', { requests: { cpu: '0' } }],
])('a new pod is Pending and %s with %j', async (qosClass, resources) => {
  const { surePost } = startApi();
  const body = pod('web', { spec: { containers: [container({ resources })] } });
  const { status } = await surePost(PODS, { ...body, status: { phase: 'Running' } });
  expect(status).toEqual({ phase: 'Pending', qosClass });
});

it.each<[string, Json, string, string]>([
  ['no containers', { containers: [] }, 'FieldValueRequired', 'spec.containers'],
  [
    'a container without a name',
    { containers: [{ image: 'a' }] },
    'FieldValueRequired',
    'spec.containers[0].name',
  ],
  [
    'a bad container name',
    { containers: [container({ name: 'A_b' })] },
    'FieldValueInvalid',
    'spec.containers[0].name',
  ],
  ['no image', { containers: [{ name: 'a' }] }, 'FieldValueRequired', 'spec.containers[0].image'],
  ['a name twice', { initContainers: [container()] }, 'FieldValueDuplicate', 'spec.initContainers[0].name'],
  [
    'an unknown volume',
    { containers: [container({ volumeMounts: [{ name: 'v', mountPath: '/v' }] })] },
    'FieldValueNotFound',
    'spec.containers[0].volumeMounts[0].name',
  ],
  [
    'a mount without a path',
    { volumes: [{ name: 'v' }], containers: [container({ volumeMounts: [{ name: 'v' }] })] },
    'FieldValueRequired',
    'spec.containers[0].volumeMounts[0].mountPath',
  ],
  [
    'a volume twice',
    { volumes: [{ name: 'v' }, { name: 'v' }] },
    'FieldValueDuplicate',
    'spec.volumes[1].name',
  ],
  [
    'an unknown restart policy',
    { restartPolicy: 'Sometimes' },
    'FieldValueNotSupported',
    'spec.restartPolicy',
  ],
])('a pod with %s is invalid', async (_, spec, reason, field) => {
  const { status, failure } = await startApi().post(PODS, pod('web', { spec }));
  expect([status, failure.reason]).toEqual([422, 'Invalid']);
  expect(failure.details).toMatchObject({ kind: 'Pod', name: 'web' });
  expect(failure.details.causes).toEqual([expect.objectContaining({ reason, field })]);
  expect(failure.message).toMatch(/^Pod "web" is invalid: spec/);
});

const OTHER_FIELDS = 'pod updates may not change fields other than `spec.containers[*].image`';
const TOLERATIONS = [{ key: 'a', operator: 'Exists' }];

it.each<[string, Json, string | undefined]>([
  ['an image', { containers: [container({ image: 'nginx:2' })] }, undefined],
  ['an init image', { initContainers: [{ name: 'init', image: 'init:2' }] }, undefined],
  ['activeDeadlineSeconds', { activeDeadlineSeconds: 5 }, undefined],
  ['more tolerations', { tolerations: [...TOLERATIONS, { key: 'b' }] }, undefined],
  ['fewer tolerations', { tolerations: [] }, 'existing toleration can not be modified'],
  ['an env', { containers: [container({ env: [{ name: 'A' }] })] }, OTHER_FIELDS],
  ['the node', { nodeName: 'n' }, OTHER_FIELDS],
  ['one more container', { containers: [{ name: 'b', image: 'b' }] }, 'may not add or remove containers'],
])('an update of %s is judged as in Kubernetes', async (_, spec, refusal) => {
  const { surePost, patch } = startApi();
  const initContainers = [{ name: 'init', image: 'init:1' }];
  await surePost(PODS, pod('web', { spec: { initContainers, tolerations: TOLERATIONS } }));
  const { status, failure } = await patch('strategic', `${PODS}/web`, { spec });
  expect(status).toBe(refusal === undefined ? 200 : 422);
  if (refusal !== undefined) expect(failure.message).toContain(refusal);
});

it('a binding puts a pod on a node, once', async () => {
  const { surePost, post, sureGet } = startApi();
  await surePost(PODS, pod('web'));
  const binding = { metadata: { name: 'web' }, target: { kind: 'Node', name: 'node-1' } };
  expect((await post(`${PODS}/web/binding`, binding)).status).toBe(201);
  const { spec, status, metadata } = await sureGet(`${PODS}/web`);
  expect([spec['nodeName'], metadata.generation]).toEqual(['node-1', 1]);
  expect(status).toMatchObject({
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-01-02T03:04:05Z' }],
  });
  const again = await post(`${PODS}/web/binding`, binding);
  expect([again.status, again.failure.message]).toEqual([
    409,
    'Operation cannot be fulfilled on pods/binding "web": pod web is already assigned to node "node-1"',
  ]);
});

it.each<[string, string, unknown, number]>([
  ['a pod that is not there', 'no', { target: { name: 'n' } }, 404],
  ['another pod', 'web', { metadata: { name: 'other' }, target: { name: 'n' } }, 400],
  ['no target', 'web', { target: {} }, 422],
])('a binding of %s is refused', async (_, name, body, code) => {
  const { surePost, post } = startApi();
  await surePost(PODS, pod('web'));
  expect((await post(`${PODS}/${name}/binding`, body)).status).toBe(code);
});
