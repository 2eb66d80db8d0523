import { expect } from 'vitest';
import { type Api, contract, freshNamespace, pod, podsIn, type Sabotage } from './harness/contract.ts';
import { ALLOWED, entry, register } from './harness/hooks.ts';

const start = async (api: Api) => {
  const namespace = await freshNamespace();
  const web = `${podsIn(namespace)}/web`;
  await api.surePost(podsIn(namespace), pod('web', { metadata: { labels: { app: 'web' } } }));
  const add = (container: object) =>
    api.patch('strategic', `${web}/ephemeralcontainers`, { spec: { ephemeralContainers: [container] } });
  return { namespace, web, add };
};

const accepting: Sabotage = {
  behaviour: 'takes everything',
  answer: (answer, { path }) => (path.endsWith('/ephemeralcontainers') ? { ...answer, status: 200 } : answer),
};

contract(
  'ephemeral containers are added with defaults, and are a new generation',
  {
    behaviour: 'does not count them',
    answer: (answer) => ({
      ...answer,
      object: { ...answer.object, metadata: { ...answer.object.metadata, generation: 1 } },
    }),
  },
  async (api) => {
    const { web, add } = await start(api);
    const { status, object } = await add({ name: 'debug', image: 'busybox', targetContainerName: 'main' });
    expect([status, object.metadata.generation]).toEqual([200, 2]);
    const defaults = {
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: 'Always',
    };
    expect(object.spec['ephemeralContainers']).toEqual([
      { name: 'debug', image: 'busybox', targetContainerName: 'main', ...defaults },
    ]);
    const again = await add({ name: 'debug', image: 'busybox' });
    expect(again.object.metadata).toMatchObject({
      generation: 2,
      resourceVersion: object.metadata.resourceVersion,
    });
    await add({ name: 'second', image: 'busybox:1' });
    const { object: whole } = await api.get(`${web}/ephemeralcontainers`);
    expect(whole.metadata.generation).toBe(3);
    expect(whole.spec['ephemeralContainers']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'debug' }),
        expect.objectContaining({ name: 'second', imagePullPolicy: 'IfNotPresent' }),
      ]),
    );
  },
);

contract('nothing else of the Pod changes with them', accepting, async (api) => {
  const { web } = await start(api);
  const current = await api.sureGet(web);
  const [main] = current.spec['containers'] as object[];
  const { status, object } = await api.put(`${web}/ephemeralcontainers`, {
    ...current,
    metadata: { ...current.metadata, labels: { app: 'other' } },
    spec: {
      ...current.spec,
      containers: [{ ...main, image: 'other:1' }],
      ephemeralContainers: [{ name: 'debug', image: 'busybox' }],
    },
  });
  expect([status, object.metadata.labels]).toEqual([200, { app: 'web' }]);
  expect(object.spec).toMatchObject({
    containers: [{ image: 'nginx:1' }],
    ephemeralContainers: [{ name: 'debug' }],
  });
  expect((await api.remove(`${web}/ephemeralcontainers`)).status).toBe(405);
});

contract('an ephemeral container can neither be changed nor removed', accepting, async (api) => {
  const { web, add } = await start(api);
  await add({ name: 'debug', image: 'busybox' });
  const changed = await add({ name: 'debug', image: 'busybox:2' });
  expect([changed.status, changed.failure.details?.causes]).toMatchObject([
    422,
    [
      {
        reason: 'FieldValueForbidden',
        message: expect.stringMatching(
          /^Forbidden: existing ephemeral containers "debug" may not be changed\n/,
        ),
        field: 'spec.ephemeralContainers',
      },
    ],
  ]);
  const current = await api.sureGet(web);
  const spec = { ...current.spec, ephemeralContainers: [] };
  const removed = await api.put(`${web}/ephemeralcontainers`, { ...current, spec });
  expect([removed.status, removed.failure.details?.causes]).toEqual([
    422,
    [
      {
        reason: 'FieldValueForbidden',
        message: 'Forbidden: existing ephemeral containers "debug" may not be removed\n',
        field: 'spec.ephemeralContainers',
      },
    ],
  ]);
});

contract('an ephemeral container that is none is refused by its field', accepting, async (api) => {
  const { add } = await start(api);
  const not = 'Forbidden: cannot be set for an Ephemeral Container';
  const exec = { exec: { command: ['true'] } };
  const refused: [object, string, string][] = [
    [{ name: 'main', image: 'a' }, 'name', 'Duplicate value: "main"'],
    [{ name: 'debug' }, 'image', 'Required value'],
    [{ name: 'debug', image: 'a', targetContainerName: 'nope' }, 'targetContainerName', 'Not found: "nope"'],
    [{ name: 'debug', image: 'a', ports: [{ containerPort: 80 }] }, 'ports', not],
    [{ name: 'debug', image: 'a', livenessProbe: exec }, 'livenessProbe', not],
    [{ name: 'debug', image: 'a', lifecycle: { preStop: exec } }, 'lifecycle', not],
    [{ name: 'debug', image: 'a', resources: { limits: { cpu: '1' } } }, 'resources', not],
  ];
  for (const [container, field, message] of refused) {
    const { status, failure } = await add(container);
    expect([status, failure.details?.causes?.map((cause) => [cause.field, cause.message])]).toEqual([
      422,
      [[`spec.ephemeralContainers[0].${field}`, message]],
    ]);
  }
});

contract(
  'they come by their own subresource only',
  {
    behaviour: 'takes them with the Pod',
    answer: (answer, { path }) => (path.includes('/pods') ? { ...answer, status: 200 } : answer),
  },
  async (api) => {
    const { namespace, web } = await start(api);
    const spec = { ephemeralContainers: [{ name: 'debug', image: 'busybox' }] };
    const born = await api.post(podsIn(namespace), pod('born', { spec }));
    expect([born.status, born.failure.details?.causes]).toEqual([
      422,
      [
        {
          reason: 'FieldValueForbidden',
          message: 'Forbidden: cannot be set on create',
          field: 'spec.ephemeralContainers',
        },
      ],
    ]);
    expect((await api.patch('strategic', web, { spec })).status).toBe(422);
    const missing = await api.patch('strategic', `${podsIn(namespace)}/nope/ephemeralcontainers`, { spec });
    expect([missing.status, missing.failure.message]).toEqual([404, 'pods "nope" not found']);
  },
);

contract(
  'they are reviewed as an UPDATE of pods/ephemeralcontainers',
  {
    behaviour: 'does not name the subresource',
    review: (review) => ({ ...review, request: { ...review.request, subResource: 'status' } }),
  },
  async (api) => {
    const { namespace, add } = await start(api);
    const webhook = await api.webhook(() => ALLOWED);
    await register(api, { kind: 'Validating', namespace }, [entry(webhook, namespace)]);
    await add({ name: 'debug', image: 'busybox' });
    expect(webhook.reviews.at(-1)?.request).toMatchObject({
      kind: { kind: 'Pod' },
      operation: 'UPDATE',
      subResource: 'ephemeralcontainers',
      name: 'web',
      object: { spec: { ephemeralContainers: [{ name: 'debug' }] } },
    });
  },
);
