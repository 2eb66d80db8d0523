/** What `pods/resize` changes, and whose it is then. */
import { describe, expect } from 'vitest';
import type { Json } from './harness/api.ts';
import { contract, freshNamespace, pod, podsIn } from './harness/contract.ts';
import { done } from './harness/kubectl.ts';
import { byPod, causesOf, mainAsks, SPEC, sideAsks, start } from './harness/resizes.ts';

describe('a resize', () => {
  contract('changes cpu and memory, and is a new generation', byPod, async (api) => {
    const { web, resize } = await start(api);
    const first = await resize(mainAsks({ cpu: '200m' }, { memory: '128Mi' }));
    expect([first.status, first.object.metadata.generation]).toEqual([200, 2]);
    expect(first.object.spec).toMatchObject({
      containers: [
        {
          image: 'nginx:1',
          resources: { requests: { cpu: '200m', memory: '64Mi' }, limits: { cpu: '1', memory: '128Mi' } },
        },
      ],
      initContainers: SPEC.initContainers,
    });
    const merged = await api.patch('json', `${web}/resize`, [
      { op: 'replace', path: '/spec/containers/0/resources/requests/memory', value: '96Mi' },
    ]);
    expect([merged.status, merged.object.metadata.generation]).toEqual([200, 3]);
    const side = await resize(sideAsks({ cpu: '2' }));
    expect([side.status, side.object.metadata.generation]).toEqual([200, 4]);
    const whole = await api.sureGet(`${web}/resize`);
    expect(whole).toEqual(await api.sureGet(web));
    expect(whole.spec).toMatchObject({
      containers: [{ resources: { requests: { cpu: '200m', memory: '96Mi' } } }],
      initContainers: [{}, { resources: { requests: { cpu: '2' } } }],
    });
  });

  contract(
    'by PUT takes the resources, and nothing else of the Pod',
    {
      behaviour: 'keeps the labels',
      answer: (answer, { path }) => {
        const { metadata } = answer.object;
        const labels = { app: 'other' };
        return path.endsWith('/resize')
          ? { ...answer, object: { ...answer.object, metadata: { ...metadata, labels } } }
          : answer;
      },
    },
    async (api) => {
      const { web } = await start(api);
      const current = await api.sureGet(web);
      const [container] = current.spec['containers'] as Json[];
      const { status, object } = await api.put(`${web}/resize`, {
        ...current,
        metadata: {
          ...current.metadata,
          labels: { app: 'other' },
          annotations: { a: 'b' },
          finalizers: ['example.com/kept'],
        },
        spec: {
          ...current.spec,
          activeDeadlineSeconds: 5,
          containers: [
            {
              ...container,
              image: 'other:1',
              resources: { requests: { cpu: '300m', memory: '64Mi' }, limits: { cpu: '1' } },
            },
          ],
        },
        status: { phase: 'Failed' },
      });
      expect([status, object.metadata.labels, object.metadata.generation]).toEqual([200, { app: 'web' }, 2]);
      expect(object.metadata).not.toHaveProperty('annotations');
      expect(object.metadata).not.toHaveProperty('finalizers');
      expect(object.spec).not.toHaveProperty('activeDeadlineSeconds');
      expect(object.spec['containers']).toMatchObject([
        { image: 'nginx:1', resources: { requests: { cpu: '300m' } } },
      ]);
      expect(object.status['phase']).toBe('Pending');
    },
  );

  contract(
    'to the same amounts is none, however they are written',
    {
      behaviour: 'counts every write',
      request: (request) => {
        if (!JSON.stringify(request.body ?? '').includes('"0.1"')) return request;
        return { ...request, body: { spec: mainAsks({ cpu: '101m' }) } };
      },
    },
    async (api) => {
      const { web, resize } = await start(api);
      const { metadata } = await api.sureGet(web);
      const { status, object } = await resize(mainAsks({ cpu: '0.1', memory: '65536Ki' }, { cpu: '1000m' }));
      expect([status, object.metadata.generation, object.metadata.resourceVersion]).toEqual([
        200,
        1,
        metadata.resourceVersion,
      ]);
      expect(object.spec['containers']).toMatchObject([{ resources: SPEC.containers[0]?.resources }]);
    },
  );

  contract('asks for the limit where a request is taken away', byPod, async (api) => {
    const { resize } = await start(api);
    const { status, object } = await resize(mainAsks({ cpu: null }));
    expect(status).toBe(200);
    expect(object.spec['containers']).toMatchObject([{ resources: { requests: { cpu: '1' } } }]);
  });

  contract('takes a first amount of any resource where there was none at all', byPod, async (api) => {
    const { resize } = await start(api, {});
    const { status, object } = await resize(mainAsks({}, { 'ephemeral-storage': '1Gi' }));
    expect([status, object.metadata.generation, object.status['qosClass']]).toEqual([200, 2, 'BestEffort']);
  });

  contract(
    'of a Pod that has ended is taken',
    { behaviour: 'refuses it', answer: (answer) => ({ ...answer, status: answer.status + 222 }) },
    async (api) => {
      const { web, resize } = await start(api);
      await api.patch('merge', `${web}/status`, { status: { phase: 'Succeeded' } });
      const { status, object } = await resize(mainAsks({ cpu: '300m' }));
      expect([status, object.metadata.generation]).toEqual([200, 2]);
    },
  );
});

contract(
  'a new Pod has amounts and a resizePolicy that can be',
  {
    behaviour: 'takes it',
    answer: (answer, { path }) => (path.endsWith('/pods') ? { ...answer, status: 201 } : answer),
  },
  async (api) => {
    const path = podsIn(await freshNamespace());
    const refused = async (container: Json, spec: Json = {}) => {
      const containers = [{ name: 'main', image: 'a', ...container }];
      const { status, failure } = await api.post(path, pod('web', { spec: { containers, ...spec } }));
      return [status, causesOf(failure)];
    };
    expect(await refused({ resources: { requests: { cpu: '1100m' }, limits: { cpu: '1' } } })).toEqual([
      422,
      [
        [
          'spec.containers[0].resources.requests',
          'Invalid value: "1100m": must be less than or equal to cpu limit of 1',
        ],
      ],
    ]);
    const policy = [
      { resourceName: 'cpu', restartPolicy: 'RestartContainer' },
      { resourceName: 'cpu', restartPolicy: 'NotRequired' },
      { resourceName: 'gold', restartPolicy: 'NotRequired' },
    ];
    const field = 'spec.containers[0].resizePolicy';
    expect(await refused({ resizePolicy: policy }, { restartPolicy: 'Never' })).toEqual([
      422,
      [
        [field, "Invalid value: \"RestartContainer\": must be 'NotRequired' when `restartPolicy` is 'Never'"],
        [`${field}[1]`, 'Duplicate value: "cpu"'],
        [field, 'Unsupported value: "gold": supported values: "cpu", "memory"'],
      ],
    ]);
  },
);

contract(
  'the QoS class of a Pod goes by amounts, not by words',
  {
    behaviour: 'says Burstable',
    answer: (answer) => ({
      ...answer,
      object: { ...answer.object, status: { ...answer.object.status, qosClass: 'Burstable' } },
    }),
  },
  async (api) => {
    const path = podsIn(await freshNamespace());
    const qosOf = async (name: string, resources: Json) => {
      const containers = [{ name: 'main', image: 'a', resources }];
      return (await api.surePost(path, pod(name, { spec: { containers } }))).status['qosClass'];
    };
    const limits = { cpu: '1', memory: '1Gi' };
    expect(await qosOf('same', { limits, requests: { cpu: '1000m', memory: '1024Mi' } })).toBe('Guaranteed');
    expect(await qosOf('less', { limits, requests: { cpu: '999m', memory: '1Gi' } })).toBe('Burstable');
    expect(await qosOf('nothing', { requests: { cpu: '0' } })).toBe('BestEffort');
  },
);

contract(
  'a resize is about the Pod that was read',
  {
    behaviour: 'does not look at the metadata',
    request: (request) =>
      request.path.endsWith('/resize')
        ? { ...request, body: { ...(request.body as object), metadata: { name: 'web' } } }
        : request,
  },
  async (api) => {
    const { namespace, web, resize } = await start(api);
    const { metadata, ...rest } = await api.sureGet(web);
    const asked = mainAsks({ cpu: '200m' });
    expect((await resize(asked, { resourceVersion: '1' })).failure).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on pods "web": the object has been modified; please apply your changes to the latest version and try again',
    });
    expect((await resize(asked, { uid: 'other' })).failure).toMatchObject({
      code: 422,
      message: 'Pod "web" is invalid: metadata.uid: Invalid value: "other": field is immutable',
    });
    const other = await api.put(`${web}/resize`, { ...rest, metadata: { ...metadata, uid: 'other' } });
    expect(other.failure).toMatchObject({
      code: 409,
      message:
        'Operation cannot be fulfilled on pods "web": StorageError: invalid object, Code: 4, Key: ' +
        `/registry/pods/${namespace}/web, ResourceVersion: 0, AdditionalErrorMsg: ` +
        `Precondition failed: UID in precondition: other, UID in object meta: ${metadata.uid}`,
    });
    const { uid, resourceVersion } = metadata;
    expect((await resize(asked, { uid, resourceVersion })).status).toBe(200);
  },
);

contract(
  'kubectl finds the subresource and patches it',
  { behaviour: 'does not list it', answer: (answer) => ({ ...answer, status: 404, object: {} as never }) },
  async (api) => {
    const { namespace, web } = await start(api);
    const { object } = await api.get('/api/v1');
    expect(object).toMatchObject({
      resources: expect.arrayContaining([
        {
          name: 'pods/resize',
          singularName: '',
          namespaced: true,
          kind: 'Pod',
          verbs: ['get', 'patch', 'update'],
        },
      ]),
    });
    const text = JSON.stringify({ spec: mainAsks({ cpu: '200m' }) });
    const args = ['-n', namespace, 'patch', 'pod', 'web', '--subresource=resize', '-p', text];
    expect(await api.kubectl(args)).toEqual(done('pod/web patched'));
    expect((await api.sureGet(web)).metadata.generation).toBe(2);
  },
);

contract('whoever applies a resize owns the amounts', byPod, async (api) => {
  const { web } = await start(api);
  const { status, object } = await api.patch(
    'apply',
    `${web}/resize`,
    { apiVersion: 'v1', kind: 'Pod', spec: mainAsks({ cpu: '200m' }) },
    { fieldManager: 'sizer', force: 'true' },
  );
  expect([status, object.metadata.generation]).toEqual([200, 2]);
  expect(object.metadata.managedFields?.filter(({ manager }) => manager === 'sizer')).toMatchObject([
    {
      operation: 'Apply',
      subresource: 'resize',
      fieldsV1: {
        'f:spec': {
          'f:containers': { 'k:{"name":"main"}': { 'f:resources': { 'f:requests': { 'f:cpu': {} } } } },
        },
      },
    },
  ]);
});
