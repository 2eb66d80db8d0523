/** Server-side apply and who owns what, over the API. kubectl's side of it is in kubectlApply.test.ts. */
import { describe, expect } from 'vitest';
import type { Answer, Answered, Json, Request } from './harness/api.ts';
import {
  type Api,
  configMap,
  configMapsIn,
  contract,
  freshNamespace,
  pod,
  podsIn,
} from './harness/contract.ts';
import { establish, version, withSpec } from './harness/definitions.ts';

const isApply = ({ headers }: Request) => headers['content-type'] === 'application/apply-patch+yaml';

/** An API server that takes an apply for another kind of patch. */
const takesApplyFor = (type: string) => ({
  behaviour: `takes an apply for a ${type} patch`,
  request: (request: Request): Request => {
    if (!isApply(request)) return request;
    const { fieldManager: _, force: _force, ...query } = request.query;
    const headers = { 'content-type': `application/${type}-patch+json` };
    return { ...request, query, headers };
  },
});

const forcesAll = {
  behaviour: 'forces every apply',
  request: (request: Request): Request =>
    isApply(request) ? { ...request, query: { ...request.query, force: 'true' } } : request,
};

const forcesNone = {
  behaviour: 'does not know of force',
  request: (request: Request): Request => {
    const { force: _, ...query } = request.query;
    return { ...request, query };
  },
};

const hidesOwners = {
  behaviour: 'does not keep owners',
  answer: (answer: Answer): Answer => {
    const { metadata } = answer.object;
    if (metadata && 'managedFields' in metadata) Object.assign(metadata, { managedFields: undefined });
    return answer;
  },
};

interface Options {
  force?: boolean;
  query?: Record<string, string>;
}

const applyAs = (api: Api, manager: string, path: string, body: unknown, { force, query }: Options = {}) =>
  api.patch('apply', path, body, { fieldManager: manager, ...(force && { force: 'true' }), ...query });

/** Each owner's name, operation, subresource and fields. */
const owners = ({ metadata }: Answered): unknown[] =>
  (metadata.managedFields ?? []).map(({ manager, operation, subresource, fieldsV1 }) => [
    manager,
    operation,
    ...(subresource === undefined ? [] : [subresource]),
    fieldsV1,
  ]);

const data = (...keys: string[]) => ({ 'f:data': Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) });

const start = async () => {
  const collection = configMapsIn(await freshNamespace());
  return { collection, path: `${collection}/a` };
};

const ANY = expect.any(String);

describe('an apply', () => {
  contract(
    'creates what is not there, and its manager owns what it applied',
    takesApplyFor('merge'),
    async (api) => {
      const { path } = await start();
      const body = configMap('a', { x: '1' }, { labels: { l: 'v' } });
      const { status, object } = await applyAs(api, 'one', path, body);
      expect([status, object.data, object.metadata.labels]).toEqual([201, { x: '1' }, { l: 'v' }]);
      expect(object.metadata.managedFields).toEqual([
        {
          manager: 'one',
          operation: 'Apply',
          apiVersion: 'v1',
          time: ANY,
          fieldsType: 'FieldsV1',
          fieldsV1: { ...data('x'), 'f:metadata': { 'f:labels': { 'f:l': {} } } },
        },
      ]);
    },
  );

  contract('can be written in YAML', takesApplyFor('merge'), async (api) => {
    const { path } = await start();
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: "1" # one\n';
    const { status, object } = await applyAs(api, 'one', path, body);
    expect([status, object.data]).toEqual([201, { x: '1' }]);
  });

  contract(
    'that changes nothing keeps the resourceVersion',
    {
      behaviour: 'stores every apply',
      answer: (answer, request) => {
        if (isApply(request) && answer.status === 200) answer.object.metadata.resourceVersion += '0';
        return answer;
      },
    },
    async (api) => {
      const { path } = await start();
      const first = await applyAs(api, 'one', path, configMap('a', { x: '1' }));
      const again = await applyAs(api, 'one', path, configMap('a', { x: '1' }));
      expect(again.status).toBe(200);
      expect(again.object).toEqual(first.object);
    },
  );

  contract(
    'removes what its manager does not apply any more, and nothing else',
    takesApplyFor('merge'),
    async (api) => {
      const { collection, path } = await start();
      await api.surePost(collection, configMap('a', { kept: '0' }));
      await applyAs(api, 'one', path, configMap('a', { x: '1', y: '2' }, { labels: { l: 'v' } }));
      const { object } = await applyAs(api, 'one', path, configMap('a', { y: '2' }));
      expect([object.data, object.metadata.labels]).toEqual([{ kept: '0', y: '2' }, undefined]);
    },
  );

  contract('leaves what another manager applies too', takesApplyFor('merge'), async (api) => {
    const { path } = await start();
    await applyAs(api, 'one', path, configMap('a', { x: '1', y: '2' }));
    await applyAs(api, 'two', path, configMap('a', { x: '1' }));
    const shared = await applyAs(api, 'one', path, configMap('a', { y: '2' }));
    expect(shared.object.data).toEqual({ x: '1', y: '2' });
    expect(owners(shared.object)).toEqual([
      ['two', 'Apply', data('x')],
      ['one', 'Apply', data('y')],
    ]);
    const { object } = await applyAs(api, 'two', path, configMap('a'));
    expect(object.data).toEqual({ y: '2' });
  });

  contract('of a value that is there already joins its owners without a time', hidesOwners, async (api) => {
    const { path } = await start();
    await applyAs(api, 'one', path, configMap('a', { x: '1' }));
    const { object } = await applyAs(api, 'two', path, configMap('a', { x: '1' }));
    expect(object.metadata.managedFields?.map(({ manager, time }) => [manager, time])).toEqual([
      ['two', undefined],
      ['one', ANY],
    ]);
  });

  contract(
    'that would change what others own is a conflict that names each field',
    forcesAll,
    async (api) => {
      const { path } = await start();
      await applyAs(api, 'one', path, configMap('a', { x: '1' }, { labels: { l: 'v' } }));
      const { status, failure } = await applyAs(
        api,
        'two',
        path,
        configMap('a', { x: '2' }, { labels: { l: 'w' } }),
      );
      expect(status).toBe(409);
      expect(failure).toMatchObject({
        reason: 'Conflict',
        message: 'Apply failed with 2 conflicts: conflicts with "one":\n- .data.x\n- .metadata.labels.l',
        details: {
          causes: [
            { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.x' },
            { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.metadata.labels.l' },
          ],
        },
      });
      expect(failure.details).not.toHaveProperty('name');
    },
  );

  contract('conflicts with updates as well, whose version it names', forcesAll, async (api) => {
    const { collection, path } = await start();
    await api.post(collection, configMap('a', { x: '1' }), { fieldManager: 'writer' });
    const { status, failure } = await applyAs(api, 'two', path, configMap('a', { x: '2' }));
    expect([status, failure.message]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "writer" using v1: .data.x',
    ]);
  });

  contract('takes the fields over when it is forced', forcesNone, async (api) => {
    const { path } = await start();
    await applyAs(api, 'one', path, configMap('a', { x: '1', y: '1' }));
    const { status, object } = await applyAs(api, 'two', path, configMap('a', { x: '2' }), { force: true });
    expect([status, object.data]).toEqual([200, { x: '2', y: '1' }]);
    expect(owners(object).toSorted()).toEqual([
      ['one', 'Apply', data('y')],
      ['two', 'Apply', data('x')],
    ]);
  });

  contract(
    'in a dry run shows the outcome and stores nothing',
    {
      behaviour: 'stores dry runs',
      request: (request) => {
        const { dryRun: _, ...query } = request.query;
        return { ...request, query };
      },
    },
    async (api) => {
      const { path } = await start();
      const tried = await applyAs(api, 'one', path, configMap('a', { x: '1' }), { query: { dryRun: 'All' } });
      expect([tried.status, tried.object.data]).toEqual([201, { x: '1' }]);
      expect((await api.get(path)).status).toBe(404);
    },
  );

  contract(
    'with an old resourceVersion is a conflict',
    {
      behaviour: 'takes a stale apply',
      request: (request) => {
        const body = request.body as Json;
        if (!isApply(request)) return request;
        const { resourceVersion: _, ...metadata } = body['metadata'] as Json;
        return { ...request, body: { ...body, metadata } };
      },
    },
    async (api) => {
      const { path } = await start();
      const first = await applyAs(api, 'one', path, configMap('a', { x: '1' }));
      await applyAs(api, 'one', path, configMap('a', { x: '2' }));
      const { resourceVersion } = first.object.metadata;
      const late = await applyAs(api, 'one', path, configMap('a', { x: '3' }, { resourceVersion }));
      expect([late.status, late.failure.message]).toEqual([
        409,
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      ]);
    },
  );

  const refusals: [string, string, Json | string, Json, number, string][] = [
    [
      'without a manager',
      'a',
      configMap('a'),
      {},
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ],
    [
      'by a manager with a long name',
      'a',
      configMap('a'),
      { fieldManager: 'x'.repeat(129) },
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
    ],
    ['without a type', 'a', { metadata: { name: 'a' } }, {}, 400, 'invalid object type: /, Kind='],
    [
      'of another kind',
      'a',
      { ...configMap('a'), kind: 'Pod' },
      {},
      400,
      'invalid object type: /v1, Kind=Pod',
    ],
    [
      'without a name',
      'a',
      { apiVersion: 'v1', kind: 'ConfigMap' },
      {},
      400,
      'the name of the object (a based on URL) was undeterminable: name must be provided',
    ],
    [
      'under another name',
      'a',
      configMap('b'),
      {},
      400,
      'the name of the object (b) does not match the name on the URL (a)',
    ],
    [
      'of owners',
      'a',
      configMap('a', {}, { managedFields: [] }),
      {},
      400,
      'metadata.managedFields must be nil',
    ],
    [
      'of an unknown field',
      'a',
      { ...configMap('a'), dat: {} },
      {},
      500,
      'failed to create typed patch object (/a; /v1, Kind=ConfigMap): .dat: field not declared in schema',
    ],
    [
      'of a number for a text',
      'a',
      configMap('a', { x: 1 }),
      {},
      500,
      'failed to create typed patch object (/a; /v1, Kind=ConfigMap): .data.x: expected string, got &value.valueUnstructured{Value:1}',
    ],
    [
      'of a list for a map',
      'a',
      { ...configMap('a'), data: ['x'] },
      {},
      500,
      'failed to create typed patch object (/a; /v1, Kind=ConfigMap): .data: expected map, got &{[x]}',
    ],
    [
      'with a uid of something that is not there',
      'a',
      configMap('a', {}, { uid: 'u' }),
      {},
      409,
      'Operation cannot be fulfilled on configmaps "a": uid mismatch: the provided object specified uid u, and no existing object was found',
    ],
  ];
  for (const [how, name, body, query, code, message] of refusals)
    contract(
      `${how} is refused`,
      { behaviour: 'takes whatever comes', answer: (answer) => ({ ...answer, status: 200 }) },
      async (api) => {
        const { collection } = await start();
        const options = how === 'without a manager' ? {} : { fieldManager: 'one', ...query };
        const { status, failure } = await api.patch('apply', `${collection}/${name}`, body, options);
        expect([status, failure.message]).toEqual([code, message]);
      },
    );
});

describe('items of lists', () => {
  const container = (name: string, more: Json = {}) => ({ name, image: `${name}:1`, ...more });

  contract('are owned one by one where they have keys', takesApplyFor('merge'), async (api) => {
    const path = `${podsIn(await freshNamespace())}/p`;
    const env = (name: string) => ({ name, value: name });
    const first = container('main', { env: [env('A')], ports: [{ containerPort: 80 }] });
    const { object } = await applyAs(api, 'one', path, pod('p', { spec: { containers: [first] } }));
    expect(object.metadata.managedFields?.[0]?.fieldsV1).toEqual({
      'f:spec': {
        'f:schedulerName': {},
        'f:containers': {
          'k:{"name":"main"}': {
            '.': {},
            'f:name': {},
            'f:image': {},
            'f:env': { 'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
            'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
          },
        },
      },
    });
  });

  contract(
    'keep the order of the configuration, and those of others their place',
    takesApplyFor('merge'),
    async (api) => {
      const path = `/apis/apps/v1/namespaces/${await freshNamespace()}/deployments/d`;
      const deployment = (names: string[]) => ({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd' },
        spec: {
          replicas: 0,
          selector: { matchLabels: { app: 'd' } },
          template: {
            metadata: { labels: { app: 'd' } },
            spec: { containers: names.map((name) => container(name)) },
          },
        },
      });
      const namesIn = ({ spec }: Answered) => {
        const { template } = (spec ?? {}) as { template?: { spec: { containers: { name: string }[] } } };
        return template?.spec.containers.map(({ name }) => name);
      };
      await applyAs(api, 'one', path, deployment(['a', 'b']));
      const both = await applyAs(api, 'two', path, deployment(['x', 'b']));
      expect(namesIn(both.object)).toEqual(['a', 'x', 'b']);
      const fewer = await applyAs(api, 'one', path, deployment(['b']));
      expect(namesIn(fewer.object)).toEqual(['x', 'b']);
      const last = await applyAs(api, 'two', path, deployment(['b', 'y', 'x']));
      expect(namesIn(last.object)).toEqual(['b', 'y', 'x']);
    },
  );

  contract(
    'may not come twice',
    { behaviour: 'takes whatever comes', answer: (answer) => ({ ...answer, status: 200 }) },
    async (api) => {
      const path = `${podsIn(await freshNamespace())}/p`;
      const twice = [container('main'), container('main')];
      const { status, failure } = await applyAs(api, 'one', path, pod('p', { spec: { containers: twice } }));
      expect([status, failure.message]).toEqual([
        500,
        'failed to create typed patch object (/p; /v1, Kind=Pod): .spec.containers: duplicate entries for key [name="main"]',
      ]);
    },
  );

  contract('of a set are owned by value', takesApplyFor('merge'), async (api) => {
    const { path } = await start();
    const finalizers = (...names: string[]) => ({
      ...configMap('a', {}, { finalizers: names }),
      data: undefined,
    });
    await applyAs(api, 'one', path, finalizers('example.com/one'));
    const both = await applyAs(api, 'two', path, finalizers('example.com/two'));
    expect(both.object.metadata.finalizers).toEqual(['example.com/one', 'example.com/two']);
    const { object } = await applyAs(api, 'one', path, finalizers());
    expect(object.metadata.finalizers).toEqual(['example.com/two']);
    await applyAs(api, 'two', path, finalizers());
  });

  contract('belong together where the list is atomic', forcesAll, async (api) => {
    const { collection } = await start();
    const path = collection.replace('configmaps', 'pods/p');
    const args = (...words: string[]) =>
      pod('p', { spec: { containers: [container('main', { args: words })] } });
    await applyAs(api, 'one', path, args('a'));
    const { failure } = await applyAs(api, 'two', path, args('a', 'b'));
    expect(failure.message).toBe(
      'Apply failed with 1 conflict: conflict with "one": .spec.containers[name="main"].args',
    );
  });
});

describe('owners', () => {
  contract(
    'of a created object are those of all fields that it was given, defaults too',
    hidesOwners,
    async (api) => {
      const path = podsIn(await freshNamespace());
      const given = pod('p', {
        metadata: { labels: { a: 'b' } },
        spec: { volumes: [{ name: 'v', emptyDir: {} }] },
      });
      const { object } = await api.post(path, given, { fieldManager: 'maker' });
      expect(owners(object)).toEqual([
        [
          'maker',
          'Update',
          {
            'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
            'f:spec': {
              'f:containers': {
                'k:{"name":"main"}': {
                  '.': {},
                  'f:image': {},
                  'f:imagePullPolicy': {},
                  'f:name': {},
                  'f:resources': {},
                  'f:terminationMessagePath': {},
                  'f:terminationMessagePolicy': {},
                },
              },
              'f:dnsPolicy': {},
              'f:enableServiceLinks': {},
              'f:restartPolicy': {},
              'f:schedulerName': {},
              'f:securityContext': {},
              'f:terminationGracePeriodSeconds': {},
              'f:volumes': { '.': {}, 'k:{"name":"v"}': { '.': {}, 'f:emptyDir': {}, 'f:name': {} } },
            },
          },
        ],
      ]);
    },
  );

  contract(
    'are named by the program that writes if nobody says otherwise',
    {
      behaviour: 'does not look at the User-Agent',
      request: (request) => ({ ...request, headers: {} }),
    },
    async (api) => {
      const { collection } = await start();
      const headers = { 'user-agent': 'tool/v1.2 (linux) x' };
      const body = configMap('a', { x: '1' });
      const { object } = await api.send({ method: 'POST', path: collection, query: {}, headers, body });
      expect(owners(object)).toEqual([['tool', 'Update', { 'f:data': { '.': {}, 'f:x': {} } }]]);
    },
  );

  contract('lose what others change or remove', hidesOwners, async (api) => {
    const { path } = await start();
    await applyAs(api, 'one', path, configMap('a', { x: '1', y: '1', z: '1' }));
    const change = { data: { x: '2', y: null } };
    const { object } = await api.patch('merge', path, change, { fieldManager: 'two' });
    expect(owners(object)).toEqual([
      ['one', 'Apply', data('z')],
      ['two', 'Update', data('x')],
    ]);
  });

  contract('of the status are told apart by the subresource', hidesOwners, async (api) => {
    const path = podsIn(await freshNamespace());
    await api.post(path, pod('p'), { fieldManager: 'maker' });
    const status = { status: { phase: 'Running', reason: 'Started' } };
    const { object } = await api.patch('strategic', `${path}/p/status`, status, { fieldManager: 'kubelet' });
    expect(owners(object)).toContainEqual([
      'kubelet',
      'Update',
      'status',
      { 'f:status': { 'f:phase': {}, 'f:reason': {} } },
    ]);
  });

  contract('can apply a status, and a conflict names it', forcesAll, async (api) => {
    const path = podsIn(await freshNamespace());
    await api.surePost(path, pod('p'));
    const applied = (reason: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      status: { reason },
    });
    const { status, object } = await applyAs(api, 'one', `${path}/p/status`, applied('a'));
    expect([status, object.status['reason']]).toEqual([200, 'a']);
    const { failure } = await applyAs(api, 'two', `${path}/p/status`, applied('b'));
    expect(failure.message).toBe(
      'Apply failed with 1 conflict: conflict with "one" with subresource "status": .status.reason',
    );
  });

  contract(
    'are forgotten when a client empties their list, until the next apply',
    hidesOwners,
    async (api) => {
      const { collection, path } = await start();
      await api.surePost(collection, configMap('a', { x: '1' }));
      const emptied = await api.patch('merge', path, { metadata: { managedFields: [] } });
      expect(emptied.object.metadata).not.toHaveProperty('managedFields');
      const changed = await api.patch('merge', path, { data: { y: '2' } });
      expect(changed.object.metadata).not.toHaveProperty('managedFields');
      const { object } = await applyAs(api, 'one', path, configMap('a', { z: '3' }));
      expect(owners(object)).toEqual([
        ['one', 'Apply', data('z')],
        ['before-first-apply', 'Update', { 'f:data': { '.': {}, 'f:x': {}, 'f:y': {} } }],
      ]);
    },
  );

  contract('stay when a client that does not know of them writes the object', hidesOwners, async (api) => {
    const { collection, path } = await start();
    const first = await api.post(collection, configMap('a', { x: '1' }), { fieldManager: 'maker' });
    const { managedFields: _, ...metadata } = first.object.metadata;
    const { object } = await api.put(path, { ...first.object, metadata }, { fieldManager: 'other' });
    expect(owners(first.object)).toHaveLength(1);
    expect(object).toEqual(first.object);
  });

  contract('that only update are at most ten, the oldest as one', hidesOwners, async (api) => {
    const { collection, path } = await start();
    await api.post(collection, configMap('a', { k0: '0' }), { fieldManager: 'm00' });
    for (let n = 1; n <= 11; n += 1) {
      const name = `m${String(n).padStart(2, '0')}`;
      await api.patch('merge', path, { data: { [`k${n}`]: '0' } }, { fieldManager: name });
    }
    const { metadata } = await api.sureGet(path);
    const names = metadata.managedFields?.map(({ manager }) => manager);
    expect(names).toHaveLength(10);
    expect(names).toContain('ancient-changes');
    expect(names).not.toContain('m01');
  });
});

describe('custom resources', () => {
  const text = { type: 'string' };
  const keyed = {
    type: 'array',
    items: { type: 'object', required: ['name'], properties: { name: text, size: { type: 'integer' } } },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
  };
  const plain = { type: 'array', items: text };
  const free = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const v1 = version('v1', withSpec({ properties: { keyed, plain, free } }));

  contract(
    'merge by their schema: keyed lists item by item, free maps field by field, other lists as a whole',
    takesApplyFor('merge'),
    async (api) => {
      const made = await establish(api, [v1]);
      const widget = (spec: Json) => made.widget('g', spec);
      const path = `${made.path()}/g`;
      const first = await applyAs(
        api,
        'one',
        path,
        widget({ keyed: [{ name: 'a', size: 1 }], free: { x: 1 } }),
      );
      expect(first.status).toBe(201);
      const both = await applyAs(
        api,
        'two',
        path,
        widget({ keyed: [{ name: 'b' }], free: { y: { z: 2 } }, plain: ['p'] }),
      );
      expect(both.object.spec).toEqual({
        keyed: [{ name: 'a', size: 1 }, { name: 'b' }],
        free: { x: 1, y: { z: 2 } },
        plain: ['p'],
      });
      const conflict = await applyAs(api, 'one', path, widget({ plain: ['q'], free: { y: { z: 3 } } }));
      expect(conflict.failure.message).toBe(
        'Apply failed with 2 conflicts: conflicts with "two":\n- .spec.plain\n- .spec.free.y.z',
      );
      const { object } = await applyAs(api, 'one', path, widget({}));
      expect(object.spec).toEqual({ keyed: [{ name: 'b' }], free: { y: { z: 2 } }, plain: ['p'] });
    },
  );
});
