/** DELETE: what it answers, its preconditions, grace periods, finalizers, and whole collections. */
import { expect } from 'vitest';
import type { Json } from './harness/api.ts';
import { removeAtEnd } from './harness/api.ts';
import {
  type Api,
  configMap,
  configMapsIn,
  contract,
  freshName,
  freshNamespace,
  pod,
  podsIn,
} from './harness/contract.ts';
import { agrees, answersWith, ignoresQuery, reads } from './harness/wrong.ts';

const FINALIZER = 'example.com/hold';

const forgets = (behaviour: string, field: string) =>
  reads(behaviour, ['DELETE'], (body) => {
    delete body[field];
  });

contract(
  'the answer to a DELETE that removes is a Status with the uid',
  answersWith('answers with the object', (body, { method }) => {
    if (method === 'DELETE') body['kind'] = 'ConfigMap';
  }),
  async (api) => {
    const path = configMapsIn(await freshNamespace());
    const { metadata } = await api.surePost(path, configMap('a'));
    const { status, object } = await api.remove(`${path}/a`);
    expect([status, object]).toEqual([
      200,
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'a', kind: 'configmaps', uid: metadata.uid },
      },
    ]);
    expect((await api.get(`${path}/a`)).status).toBe(404);
  },
);

const PRECONDITIONS: [string, Json, (uid: string, version: string) => string][] = [
  [
    'uid',
    { uid: 'another' },
    (uid) =>
      `the UID in the precondition (another) does not match the UID in record (${uid}). ` +
      'The object might have been deleted and then recreated',
  ],
  [
    'resourceVersion',
    { resourceVersion: '1' },
    (_, version) =>
      `the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${version}). ` +
      'The object might have been modified',
  ],
];

for (const [name, preconditions, why] of PRECONDITIONS)
  contract(
    `a DELETE with another ${name} is a conflict and removes nothing`,
    forgets('ignores preconditions', 'preconditions'),
    async (api) => {
      const path = configMapsIn(await freshNamespace());
      const { metadata } = await api.surePost(path, configMap('a'));
      const { status, failure } = await api.remove(`${path}/a`, { preconditions });
      const sentence = why(metadata.uid ?? '', metadata.resourceVersion ?? '');
      expect(failure).toMatchObject({
        reason: 'Conflict',
        message: `Operation cannot be fulfilled on ConfigMap "a": ${sentence}`,
        details: { name: 'a', kind: 'ConfigMap' },
      });
      expect(status).toBe(409);
      const right = { uid: metadata.uid, resourceVersion: metadata.resourceVersion };
      expect((await api.remove(`${path}/a`, { preconditions: right })).status).toBe(200);
    },
  );

const DRY: [string, Json | undefined, Record<string, string>][] = [
  ['in the query', undefined, { dryRun: 'All' }],
  ['in the body', { dryRun: ['All'] }, {}],
];

for (const [name, body, query] of DRY)
  contract(
    `a DELETE with dryRun ${name} answers as if, and leaves the object`,
    {
      behaviour: 'deletes in earnest',
      request: (request) =>
        request.method === 'DELETE' ? { ...request, query: {}, body: undefined } : request,
    },
    async (api) => {
      const path = configMapsIn(await freshNamespace());
      await api.surePost(path, configMap('a'));
      const answer = await api.remove(`${path}/a`, body, query);
      expect([answer.status, answer.object.status]).toEqual([200, 'Success']);
      expect((await api.get(`${path}/a`)).status).toBe(200);
    },
  );

const REFUSED: [string, Json, string][] = [
  [
    'an unknown propagationPolicy',
    { propagationPolicy: 'Sideways' },
    'propagationPolicy: Unsupported value: "Sideways": supported values: "Foreground", "Background", "Orphan", "nil"',
  ],
  [
    'two policies',
    { propagationPolicy: 'Orphan', orphanDependents: true },
    'propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
  ],
];

for (const [name, body, why] of REFUSED)
  contract(`a DELETE refuses ${name}`, agrees('takes any'), async (api) => {
    const path = configMapsIn(await freshNamespace());
    await api.surePost(path, configMap('a'));
    const { status, failure } = await api.remove(`${path}/a`, body);
    expect([status, failure.message]).toEqual([422, `DeleteOptions.meta.k8s.io "" is invalid: ${why}`]);
    expect(failure.details).toMatchObject({ group: 'meta.k8s.io', kind: 'DeleteOptions' });
  });

contract(
  'an object with a finalizer stays, marked, until the write that removes its last finalizer',
  {
    behaviour: 'forgets finalizers',
    request: (request) => {
      const body = structuredClone(request.body) as { metadata?: { finalizers?: unknown } } | undefined;
      if (request.method === 'POST' && body?.metadata) delete body.metadata.finalizers;
      return { ...request, body };
    },
  },
  async (api) => {
    const path = configMapsIn(await freshNamespace());
    await api.surePost(path, configMap('a', {}, { finalizers: [FINALIZER] }));
    const { metadata } = (await api.remove(`${path}/a`)).object;
    expect(metadata).toMatchObject({ deletionGracePeriodSeconds: 0, finalizers: [FINALIZER] });
    expect(metadata.deletionTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const again = (await api.remove(`${path}/a`)).object;
    expect(again.metadata.resourceVersion).toBe(metadata.resourceVersion);
    const changed = await api.patch('merge', `${path}/a`, { data: { still: 'here' } });
    expect(changed.object.data).toEqual({ still: 'here' });
    const last = await api.patch('merge', `${path}/a`, { metadata: { finalizers: null } });
    expect(last.object.metadata).toMatchObject({ name: 'a', deletionGracePeriodSeconds: 0 });
    expect((await api.get(`${path}/a`)).status).toBe(404);
  },
);

contract(
  'an object that is being deleted takes no new finalizer and can not be brought back',
  agrees('takes it'),
  async (api) => {
    const path = configMapsIn(await freshNamespace());
    await api.surePost(path, configMap('a', {}, { finalizers: [FINALIZER] }));
    await api.remove(`${path}/a`);
    const finalizers = [FINALIZER, 'example.com/new'];
    const { status, failure } = await api.patch('merge', `${path}/a`, { metadata: { finalizers } });
    const why =
      'Forbidden: no new finalizers can be added if the object is being deleted, ' +
      'found new finalizers []string{"example.com/new"}';
    expect([status, failure.message]).toEqual([422, `ConfigMap "a" is invalid: metadata.finalizers: ${why}`]);
    expect(failure.details.causes).toContainEqual({
      reason: 'FieldValueForbidden',
      field: 'metadata.finalizers',
      message: why,
    });
    await api.patch('merge', `${path}/a`, { metadata: { deletionTimestamp: null } });
    expect((await api.sureGet(`${path}/a`)).metadata.deletionTimestamp).toBeDefined();
    await api.patch('merge', `${path}/a`, { metadata: { finalizers: null } });
  },
);

contract(
  'a Pod that no node has goes at once, whatever grace it asks for; the answer is the Pod',
  answersWith('answers with a Status', (body, { method }) => {
    if (method === 'DELETE') body['kind'] = 'Status';
  }),
  async (api) => {
    const path = podsIn(await freshNamespace());
    await api.surePost(path, pod('a'));
    const { object } = await api.remove(`${path}/a`, { gracePeriodSeconds: 30 });
    expect(object).toMatchObject({
      kind: 'Pod',
      metadata: { name: 'a', deletionGracePeriodSeconds: 0, generation: 2 },
    });
    expect((await api.get(`${path}/a`)).status).toBe(404);
  },
);

/** A Pod on a node that nobody runs; controllers would delete one whose node is not there. */
const boundPod = async (api: Api, more: { spec?: Json; metadata?: Json } = {}) => {
  const node = freshName('node');
  await api.surePost('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: node } });
  removeAtEnd(`/api/v1/nodes/${node}`);
  const path = podsIn(await freshNamespace());
  const spec = { nodeName: node, tolerations: [{ operator: 'Exists' }], ...more.spec };
  await api.surePost(path, pod('a', { ...more, spec }));
  return `${path}/a`;
};

const now = (api: Api, path: string) => api.remove(path, { gracePeriodSeconds: 0 });

contract(
  'a Pod on a node is only marked, for as long as it asks; a later DELETE can shorten that and not lengthen it',
  reads('kills at once', ['DELETE'], (body) => {
    body['gracePeriodSeconds'] = 0;
  }),
  async (api) => {
    const path = await boundPod(api, { spec: { terminationGracePeriodSeconds: 20 } });
    const first = (await api.remove(path, {})).object;
    expect(first.metadata).toMatchObject({ deletionGracePeriodSeconds: 20, generation: 2 });
    const shorter = (await api.remove(path, { gracePeriodSeconds: 5 })).object;
    expect(shorter.metadata).toMatchObject({ deletionGracePeriodSeconds: 5, generation: 2 });
    const seconds = ({ metadata }: typeof first) => Date.parse(metadata.deletionTimestamp ?? '') / 1000;
    expect(seconds(first) - seconds(shorter)).toBe(15);
    const longer = (await api.remove(path, { gracePeriodSeconds: 60 })).object;
    expect(longer.metadata.deletionGracePeriodSeconds).toBe(5);
    await now(api, path);
    expect((await api.get(path)).status).toBe(404);
  },
);

contract(
  'a grace period of 0 takes a Pod off its node at once, and one below 0 counts as a second',
  reads('takes its time', ['DELETE'], (body) => {
    body['gracePeriodSeconds'] = 30;
  }),
  async (api) => {
    const path = await boundPod(api);
    const { object } = await api.remove(path, { gracePeriodSeconds: -5 });
    expect(object.metadata.deletionGracePeriodSeconds).toBe(1);
    expect((await now(api, path)).object.metadata.deletionGracePeriodSeconds).toBe(0);
    expect((await api.get(path)).status).toBe(404);
  },
);

contract(
  'a Pod that has ended goes at once',
  reads('does not know that it has ended', ['PATCH'], (body) => {
    delete body['status'];
  }),
  async (api) => {
    const path = await boundPod(api);
    await api.patch('merge', `${path}/status`, { status: { phase: 'Succeeded' } });
    await api.remove(path);
    expect((await api.get(path)).status).toBe(404);
  },
);

contract(
  'without its finalizer a Pod still has its grace period',
  reads('kills at once', ['DELETE'], (body) => {
    body['gracePeriodSeconds'] = 0;
  }),
  async (api) => {
    const path = await boundPod(api, { metadata: { finalizers: [FINALIZER] } });
    await api.remove(path, {});
    await api.patch('merge', path, { metadata: { finalizers: null } });
    expect((await api.get(path)).status).toBe(200);
    await now(api, path);
    expect((await api.get(path)).status).toBe(404);
  },
);

const three = async (api: Api) => {
  const path = configMapsIn(await freshNamespace());
  for (const [name, set] of [
    ['a', 'x'],
    ['b', 'x'],
    ['c', 'y'],
  ])
    await api.surePost(path, configMap(name ?? '', {}, { labels: { set } }));
  return path;
};

const left = async (api: Api, path: string) =>
  (await api.sureGet(path, { labelSelector: 'set' })).items.map(({ metadata }) => metadata.name);

const SELECTORS: Record<string, string>[] = [
  { labelSelector: 'set=x' },
  { fieldSelector: 'metadata.name!=c', labelSelector: 'set' },
];

for (const query of SELECTORS)
  contract(
    `deletecollection with ${Object.keys(query).join(' and ')} deletes what matches and answers with it`,
    ignoresQuery('deletes all', ...Object.keys(query)),
    async (api) => {
      const path = await three(api);
      const { status, object } = await api.remove(path, undefined, query);
      expect([status, object.items.map(({ metadata }) => metadata.name)]).toEqual([200, ['a', 'b']]);
      expect(object).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
      expect(await left(api, path)).toEqual(['c']);
    },
  );

contract(
  'deletecollection keeps to a limit, and to dryRun',
  ignoresQuery('deletes all', 'limit', 'dryRun'),
  async (api) => {
    const path = await three(api);
    await api.remove(path, undefined, { labelSelector: 'set', dryRun: 'All' });
    expect(await left(api, path)).toEqual(['a', 'b', 'c']);
    const { object } = await api.remove(path, undefined, { labelSelector: 'set', limit: '1' });
    expect(object.items.map(({ metadata }) => metadata.name)).toEqual(['a']);
    expect(await left(api, path)).toEqual(['b', 'c']);
  },
);

contract(
  'deletecollection with a selector that can not be read deletes nothing',
  ignoresQuery('deletes all', 'fieldSelector'),
  async (api) => {
    const path = await three(api);
    expect((await api.remove(path, undefined, { fieldSelector: 'data.x=1' })).status).toBe(400);
    expect(await left(api, path)).toEqual(['a', 'b', 'c']);
  },
);
