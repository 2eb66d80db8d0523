/** Strategic merge patches, and what a write leaves alone. */
import { describe, expect } from 'vitest';
import type { Json } from './harness/api.ts';
import {
  type Api,
  configMap,
  configMapsIn,
  contract,
  freshNamespace,
  pod,
  podsIn,
} from './harness/contract.ts';
import { agrees, answersWith, reads } from './harness/wrong.ts';

const env = (...names: string[]) => names.map((name) => ({ name, value: name }));

/** A Pod template that may change: a ReplicaSet without replicas. */
const replicaSet = (containers: Json[]) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'set', finalizers: ['example.com/a'] },
  spec: {
    replicas: 0,
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers } },
  },
});

const BEFORE = [
  { name: 'one', image: 'one:1', env: env('A', 'B', 'C') },
  { name: 'two', image: 'two:1' },
];

const containersAfter = async (api: Api, patch: Json[] | Json): Promise<string[]> => {
  const path = `/apis/apps/v1/namespaces/${await freshNamespace()}/replicasets`;
  await api.surePost(path, replicaSet(BEFORE));
  const spec = Array.isArray(patch) ? { containers: patch } : patch;
  const { status, object } = await api.patch('strategic', `${path}/set`, { spec: { template: { spec } } });
  expect(status, JSON.stringify(object)).toBe(200);
  await api.patch('merge', `${path}/set`, { metadata: { finalizers: null } });
  const { template } = object.spec as { template: { spec: { containers: Json[] } } };
  return template.spec.containers.map(({ name, image, env: variables }) => {
    const names = ((variables ?? []) as { name: string }[]).map((variable) => variable.name);
    return [name, image, ...names].join(' ');
  });
};

const mergesAsText = reads('merges lists as a JSON merge patch does', ['PATCH'], (body) => {
  for (const key of Object.keys(body)) delete body[key];
});

describe.each<[what: string, patch: Json[] | Json, after: string[]]>([
  ['merges containers by their names', [{ name: 'two', image: 'two:2' }], ['one one:1 A B C', 'two two:2']],
  ['deletes one by a directive', [{ name: 'two', $patch: 'delete' }], ['one one:1 A B C']],
  [
    'replaces the list by a directive of any item, which goes with it',
    [
      { name: 'three', image: 'three:1' },
      { name: 'one', image: 'one:2', $patch: 'replace' },
    ],
    ['three three:1'],
  ],
  [
    'orders a list as it is told, and merges what is nested in it',
    {
      '$setElementOrder/containers': [{ name: 'one' }, { name: 'two' }],
      containers: [
        {
          name: 'one',
          '$setElementOrder/env': [{ name: 'C' }, { name: 'D' }, { name: 'A' }],
          env: [
            { name: 'B', $patch: 'delete' },
            { name: 'D', value: 'D' },
          ],
        },
        { name: 'two', image: 'two:2' },
      ],
    },
    ['one one:1 C D A', 'two two:2'],
  ],
])('a strategic merge patch', (what, patch, after) => {
  contract(what, mergesAsText, async (api) => {
    expect(await containersAfter(api, patch)).toEqual(after);
  });
});

contract(
  'a strategic merge patch must keep to the order that it asks for',
  agrees('takes any order'),
  async (api) => {
    const path = `/apis/apps/v1/namespaces/${await freshNamespace()}/replicasets`;
    await api.surePost(path, replicaSet(BEFORE));
    const spec = {
      '$setElementOrder/containers': [{ name: 'one' }, { name: 'two' }],
      containers: [{ name: 'two', image: 'two:2' }, { name: 'one' }],
    };
    const { status, failure } = await api.patch('strategic', `${path}/set`, { spec: { template: { spec } } });
    await api.patch('merge', `${path}/set`, { metadata: { finalizers: null } });
    expect([status, failure.message]).toEqual([500, expect.stringMatching(/^The order in patch list:/)]);
  },
);

contract('a strategic merge patch takes single values out of a list', mergesAsText, async (api) => {
  const path = configMapsIn(await freshNamespace());
  await api.surePost(path, configMap('c', {}, { finalizers: ['example.com/a', 'example.com/b'] }));
  const metadata = { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] };
  const { object } = await api.patch('strategic', `${path}/c`, { metadata });
  await api.patch('merge', `${path}/c`, { metadata: { finalizers: null } });
  expect(object.metadata.finalizers).toEqual(['example.com/b']);
});

describe.each([
  ['ConfigMap', 'configmaps'],
  ['Secret', 'secrets'],
])('an immutable %s', (kind, plural) => {
  contract(
    'keeps its data and stays immutable, and takes labels',
    agrees('takes every change'),
    async (api) => {
      const path = `/api/v1/namespaces/${await freshNamespace()}/${plural}`;
      await api.surePost(path, {
        apiVersion: 'v1',
        kind,
        metadata: { name: 'i' },
        data: { a: 'YQ==' },
        immutable: true,
      });
      for (const [field, patch] of [
        ['data', { data: { a: 'Yg==' } }],
        ['immutable', { immutable: false }],
      ] as const) {
        const { status, failure } = await api.patch('merge', `${path}/i`, patch);
        expect([status, failure.reason, failure.details.causes?.[0]?.field]).toEqual([422, 'Invalid', field]);
      }
      const { status } = await api.patch('merge', `${path}/i`, { metadata: { labels: { x: 'y' } } });
      expect(status).toBe(200);
    },
  );
});

contract(
  'a status is written by its own path only, and nothing else is there',
  answersWith('takes a status with any write', (body) => {
    if (body['kind'] === 'Pod') body['status'] = { phase: 'Running', message: 'mine' };
  }),
  async (api) => {
    const pods = podsIn(await freshNamespace());
    await api.surePost(pods, pod('p'));
    const status = { phase: 'Running', message: 'mine' };
    const { object: ignored } = await api.patch('merge', `${pods}/p`, { status });
    expect(ignored.status).toMatchObject({ phase: 'Pending' });
    expect(ignored.status).not.toHaveProperty('message');
    const spec = { activeDeadlineSeconds: 5 };
    const { object: written } = await api.patch('merge', `${pods}/p/status`, { status, spec });
    expect(written.status).toMatchObject(status);
    expect(written.spec).not.toHaveProperty('activeDeadlineSeconds');
  },
);

contract(
  'generateName gives each object a name of its own, and a name that is there counts first',
  answersWith('gives one name to all', (body, { method }) => {
    if (method === 'POST' && body['kind'] === 'ConfigMap')
      Object.assign(body['metadata'] as Json, { name: 'c-aaaaa' });
  }),
  async (api) => {
    const path = configMapsIn(await freshNamespace());
    const made = await Promise.all(
      [1, 2, 3].map(() => api.surePost(path, configMap('', {}, { generateName: 'c-' }))),
    );
    const names = made.map(({ metadata }) => metadata.name);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^c-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    const { metadata } = await api.surePost(path, configMap('given', {}, { generateName: 'c-' }));
    expect(metadata).toMatchObject({ name: 'given', generateName: 'c-' });
    const again = await api.post(path, configMap('given'));
    expect([again.status, again.failure.reason]).toEqual([409, 'AlreadyExists']);
  },
);
