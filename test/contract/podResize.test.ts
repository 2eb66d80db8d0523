import { describe, expect } from 'vitest';
import { type Json, removeAtEnd } from './harness/api.ts';
import {
  type Api,
  contract,
  freshName,
  freshNamespace,
  pod,
  podsIn,
  type Sabotage,
} from './harness/contract.ts';
import { ALLOWED, entry, patching, register, ruleFor } from './harness/hooks.ts';
import { done } from './harness/kubectl.ts';
import { as, create, request, send, soon, TRUSTING } from './harness/users.ts';

const SPEC = {
  containers: [
    {
      name: 'main',
      image: 'nginx:1',
      resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1' } },
    },
  ],
  initContainers: [
    { name: 'first', image: 'a', resources: { requests: { cpu: '1' } } },
    { name: 'side', image: 'a', restartPolicy: 'Always', resources: { requests: { cpu: '1' } } },
  ],
};

const start = async (api: Api, spec: Json = SPEC) => {
  const namespace = await freshNamespace();
  const web = `${podsIn(namespace)}/web`;
  await api.surePost(podsIn(namespace), pod('web', { metadata: { labels: { app: 'web' } }, spec }));
  return {
    namespace,
    web,
    /** `spec` by a strategic patch. */
    resize: (spec: Json, metadata: Json = {}) => api.patch('strategic', `${web}/resize`, { metadata, spec }),
  };
};

const main = (more: Json): Json => ({ containers: [{ name: 'main', ...more }] });
const mainAsks = (requests: Json, limits: Json = {}): Json => main({ resources: { requests, limits } });
const sideAsks = (requests: Json): Json => ({ initContainers: [{ name: 'side', resources: { requests } }] });

const accepting: Sabotage = {
  behaviour: 'takes everything',
  answer: (answer, { path }) => (path.endsWith('/resize') ? { ...answer, status: 200 } : answer),
};

const byPod: Sabotage = {
  behaviour: 'takes it for a write of the Pod',
  request: (request) => ({ ...request, path: request.path.replace(/\/resize$/, '') }),
};

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

type Refusal = [what: string, spec: Json, causes: [field: string, message: string][]];

const ONLY = 'Forbidden: only cpu and memory resources are mutable';
const REMOVED = (list: string) => `Forbidden: resource ${list} cannot be removed`;

const REFUSALS: Refusal[] = [
  ['another resource', mainAsks({ 'ephemeral-storage': '1Gi' }), [['spec', ONLY]]],
  [
    'another resource of a sidecar',
    sideAsks({ 'ephemeral-storage': '1Gi' }),
    [['spec', 'Forbidden: only cpu and memory resources for sidecar containers are mutable']],
  ],
  [
    'another resizePolicy',
    main({ resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }] }),
    [['spec', ONLY]],
  ],
  [
    'a request above the limit',
    mainAsks({ cpu: '2' }),
    [
      [
        'spec.containers[0].resources.requests',
        'Invalid value: "2": must be less than or equal to cpu limit of 1',
      ],
    ],
  ],
  [
    'an amount below 0',
    mainAsks({ cpu: '-1' }),
    [
      [
        'spec.containers[0].resources.requests[cpu]',
        'Invalid value: "-1": must be greater than or equal to 0',
      ],
    ],
  ],
  [
    'a limit that is gone',
    mainAsks({}, { cpu: null }),
    [['spec.containers[0].resources.limits', REMOVED('limits')]],
  ],
  [
    'a request of a sidecar that is gone',
    { initContainers: [{ name: 'side', resources: null }] },
    [['spec.initContainers[1].resources.requests', REMOVED('requests')]],
  ],
  [
    'an init container that ends',
    { initContainers: [{ name: 'first', resources: { requests: { cpu: '2' } } }] },
    [['spec', 'Forbidden: resources for non-sidecar init containers are immutable']],
  ],
  [
    'a container that is not there',
    { containers: [{ name: 'nope', resources: { requests: { cpu: '1' } } }] },
    [
      ['spec.containers[0].image', 'Required value'],
      ['spec.containers', 'Forbidden: containers may not be added or removed on resize'],
    ],
  ],
  [
    'an init container that is not there',
    { initContainers: [{ name: 'nope', image: 'a' }] },
    [['spec.initContainers', 'Forbidden: initContainers may not be added or removed on resize']],
  ],
  [
    'everything that is gone',
    {
      containers: [{ name: 'main', resources: null }],
      initContainers: [
        { name: 'first', resources: null },
        { name: 'side', resources: null },
      ],
    },
    [
      ['spec', 'Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing'],
      ['spec.initContainers[1].resources.requests', REMOVED('requests')],
      ['spec.containers[0].resources.requests', REMOVED('requests')],
      ['spec.containers[0].resources.limits', REMOVED('limits')],
      ['spec', 'Forbidden: resources for non-sidecar init containers are immutable'],
    ],
  ],
];

const causesOf = ({ details }: { details?: { causes?: { field?: string; message?: string }[] } }) =>
  details?.causes?.map(({ field, message }) => [field, message]);

describe('refused is', () => {
  for (const [what, spec, causes] of REFUSALS)
    contract(`${what}, by its field`, accepting, async (api) => {
      const { resize } = await start(api);
      const { status, failure } = await resize(spec);
      expect([status, causesOf(failure)]).toEqual([422, causes]);
    });

  contract('an amount that is none', accepting, async (api) => {
    const { web, resize } = await start(api);
    for (const [amount, why] of [
      ['many', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
      ['1nn', "unable to parse quantity's suffix"],
    ] as const) {
      const patched = await resize(mainAsks({ cpu: amount }));
      expect([patched.status, patched.failure.message]).toEqual([422, expect.stringContaining(`: ${why}`)]);
      const current = await api.sureGet(web);
      const put = await api.put(`${web}/resize`, { ...current, spec: mainAsks({ cpu: amount }) });
      expect([put.status, put.failure.message]).toEqual([
        400,
        `Pod in version "v1" cannot be handled as a Pod: ${why}`,
      ]);
    }
  });

  contract('another name and another order of containers', accepting, async (api) => {
    const { web } = await start(api);
    const current = await api.sureGet(web);
    const { containers, initContainers } = current.spec as Record<string, Json[]>;
    const put = async (spec: Json) => {
      const { status, failure } = await api.put(`${web}/resize`, {
        ...current,
        spec: { ...current.spec, ...spec },
      });
      return [status, causesOf(failure)];
    };
    const why = (list: string) => `Forbidden: ${list} may not be renamed or reordered on resize`;
    expect(await put({ containers: containers?.map((container) => ({ ...container, name: 'a' })) })).toEqual([
      422,
      [['spec.containers[0].name', why('containers')]],
    ]);
    expect(await put({ initContainers: initContainers?.toReversed() })).toEqual([
      422,
      [0, 1].map((index) => [`spec.initContainers[${index}].name`, why('initContainers')]),
    ]);
  });

  contract('a first request of a Pod that asked for nothing', accepting, async (api) => {
    const { resize } = await start(api, {});
    const { status, failure } = await resize(mainAsks({ cpu: '1' }));
    expect([status, failure.message]).toEqual([
      422,
      'Pod "web" is invalid: spec: Invalid value: "BestEffort": Pod QOS Class may not change as a result of resizing',
    ]);
  });

  contract('a Pod with resources of its own', accepting, async (api) => {
    const { resize } = await start(api, { resources: { requests: { cpu: '1' } } });
    const { status, failure } = await resize(mainAsks({ cpu: '1' }));
    expect([status, causesOf(failure)]).toEqual([
      422,
      [['[]', 'Forbidden: pods with pod-level resources cannot be resized']],
    ]);
  });

  contract('a Pod that runs where nobody tells what its containers have', accepting, async (api) => {
    const { web, resize } = await start(api);
    const report = (more: Json) =>
      api.patch('merge', `${web}/status`, {
        status: {
          containerStatuses: [
            {
              name: 'main',
              image: 'a',
              imageID: '',
              ready: true,
              restartCount: 0,
              state: { running: {} },
              ...more,
            },
          ],
        },
      });
    expect((await report({})).status).toBe(200);
    const { status, failure } = await resize(mainAsks({ cpu: '200m' }));
    expect([status, causesOf(failure)]).toEqual([
      422,
      [['spec', 'Forbidden: Pod running on node without support for resize']],
    ]);
    expect((await report({ resources: {} })).status).toBe(200);
    expect((await resize(mainAsks({ cpu: '200m' }))).object.metadata.generation).toBe(2);
  });

  contract('another method, and a Pod that is not there', accepting, async (api) => {
    const { namespace, web } = await start(api);
    expect((await api.remove(`${web}/resize`)).status).toBe(405);
    expect((await api.post(`${web}/resize`, {})).status).toBe(405);
    const missing = await api.patch('strategic', `${podsIn(namespace)}/nope/resize`, {});
    expect([missing.status, missing.failure.message]).toEqual([404, 'pods "nope" not found']);
  });
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

describe('admission of a resize', () => {
  contract(
    'is an UPDATE of pods/resize, of which webhooks for pods hear nothing',
    {
      behaviour: 'does not name the subresource',
      review: (review) => ({ ...review, request: { ...review.request, subResource: 'status' } }),
    },
    async (api) => {
      const { namespace, resize } = await start(api);
      const [deaf, webhook] = [await api.webhook(() => ALLOWED), await api.webhook(() => ALLOWED)];
      await register(api, { kind: 'Validating', namespace }, [
        entry(deaf, namespace, { rules: [ruleFor(['pods'])] }),
        entry(webhook, namespace, { name: 'second.example.com', rules: [ruleFor(['pods/resize'])] }),
      ]);
      await resize(mainAsks({ cpu: '200m' }));
      expect(deaf.reviews).toEqual([]);
      expect(webhook.reviews.map((review) => review.request)).toMatchObject([
        {
          kind: { group: '', version: 'v1', kind: 'Pod' },
          resource: { group: '', version: 'v1', resource: 'pods' },
          operation: 'UPDATE',
          subResource: 'resize',
          name: 'web',
          options: { kind: 'UpdateOptions' },
          object: {
            metadata: { generation: 2, labels: { app: 'web' } },
            spec: { containers: [{ image: 'nginx:1', resources: { requests: { cpu: '200m' } } }] },
          },
          oldObject: {
            metadata: { generation: 1 },
            spec: { containers: [{ resources: { requests: { cpu: '100m' } } }] },
          },
        },
      ]);
    },
  );

  contract(
    'can change the amounts, and nothing else',
    { behaviour: 'asks no webhook', verdict: () => ALLOWED },
    async (api) => {
      const { namespace, resize } = await start(api);
      const webhook = await api.webhook(() =>
        patching(
          { op: 'replace', path: '/spec/containers/0/resources/requests/cpu', value: '250m' },
          { op: 'replace', path: '/spec/containers/0/image', value: 'other:1' },
          { op: 'add', path: '/metadata/labels/more', value: 'x' },
        ),
      );
      await register(api, { kind: 'Mutating', namespace }, [
        entry(webhook, namespace, { rules: [ruleFor(['pods/resize'])] }),
      ]);
      const { status, object } = await resize(mainAsks({ cpu: '200m' }));
      expect([status, object.metadata.labels]).toEqual([200, { app: 'web' }]);
      expect(object.spec['containers']).toMatchObject([
        { image: 'nginx:1', resources: { requests: { cpu: '250m' } } },
      ]);
    },
  );

  contract(
    'by a policy sees the spec',
    {
      behaviour: 'evaluates no policy',
      request: (request) =>
        request.path.endsWith('bindings') ? { ...request, query: { dryRun: 'All' } } : request,
    },
    async (api) => {
      const { namespace, resize } = await start(api);
      const group = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
      const name = freshName('policy');
      const rule = {
        apiGroups: [''],
        apiVersions: ['v1'],
        operations: ['UPDATE'],
        resources: ['pods/resize'],
      };
      const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
      await api.surePost(group, {
        metadata: { name },
        spec: {
          matchConstraints: { resourceRules: [rule], namespaceSelector },
          validations: [
            {
              expression: "object.spec.containers.all(c, c.resources.requests.cpu != '900m')",
              message: 'no',
            },
          ],
        },
      });
      removeAtEnd(`${group}/${name}`);
      const bindings = group.replace(/policies$/, 'policybindings');
      await api.surePost(bindings, {
        metadata: { name },
        spec: { policyName: name, validationActions: ['Deny'] },
      });
      removeAtEnd(`${bindings}/${name}`);
      await soon(async () => (await resize(mainAsks({ cpu: '900m' }))).status === 422);
      const { failure } = await resize(mainAsks({ cpu: '900m' }));
      expect(failure.message).toContain(`ValidatingAdmissionPolicy '${name}'`);
      expect((await resize(mainAsks({ cpu: '800m' }))).status).toBe(200);
    },
  );
});

contract('a right to resize is another one than that to change', TRUSTING, async (api) => {
  const { namespace, web } = await start(api);
  const body = { spec: mainAsks({ cpu: '200m' }) };
  const patch = (path: string) => ({
    ...request('PATCH', path, body),
    headers: { 'content-type': 'application/strategic-merge-patch+json' },
  });
  const may = async (user: string, resource: string, verbs: string[]) => {
    const rules = [{ apiGroups: [''], resources: [resource], verbs }];
    await create(api, 'roles', user, { rules }, namespace);
    const subjects = [{ kind: 'User', name: user }];
    await create(api, 'rolebindings', user, { roleRef: { kind: 'Role', name: user }, subjects }, namespace);
  };
  const [resizer, changer] = [freshName('resizer'), freshName('changer')];
  await may(resizer, 'pods/resize', ['patch']);
  await may(changer, 'pods', ['get', 'update', 'patch']);
  const asks = async (user: string, wanted: ReturnType<typeof patch>) =>
    (await api.send({ query: {}, ...wanted, headers: { ...wanted.headers, ...as(user) } })).status;
  await soon(async () => (await asks(resizer, patch(`${web}/resize`))) === 200);
  await soon(async () => (await send(api, as(changer), request('GET', web))).status === 200);
  expect(await asks(resizer, patch(web))).toBe(403);
  expect(await asks(changer, patch(`${web}/resize`))).toBe(403);
  const { status, failure } = await send(api, as(resizer), request('GET', `${web}/resize`));
  expect([status, failure.message]).toEqual([
    403,
    `pods "web" is forbidden: User "${resizer}" cannot get resource "pods/resize" in API group "" in the namespace "${namespace}"`,
  ]);
});

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
