import { expect, it } from 'vitest';
import { applyStrategicPatch } from '../../../../../infra/local/cluster/api/patch/strategic.ts';
import {
  CONFIG_MAPS,
  configMap,
  DEFINITIONS,
  definition,
  type Json,
  SETS,
  sidecarSet,
  startApi,
} from './api.ts';

const started = async () => {
  const api = startApi();
  await api.surePost(CONFIG_MAPS, configMap('a', { one: '1', two: '2' }));
  return { ...api, path: `${CONFIG_MAPS}/a` };
};

it('a JSON patch is applied in order', async () => {
  const { patch, path } = await started();
  const { object } = await patch('json', path, [
    { op: 'test', path: '/data/one', value: '1' },
    { op: 'replace', path: '/data/one', value: 'x' },
    { op: 'remove', path: '/data/two' },
    { op: 'add', path: '/metadata/labels', value: {} },
    { op: 'add', path: '/metadata/labels/a~1b', value: 'c' },
  ]);
  expect([object.data, object.metadata.labels]).toEqual([{ one: 'x' }, { 'a/b': 'c' }]);
});

it.each<[string, unknown, number, string]>([
  ['a failed test', [{ op: 'test', path: '/data/one', value: 'no' }], 422, 'Invalid'],
  ['a path that is not there', [{ op: 'replace', path: '/data/no/no', value: 1 }], 422, 'Invalid'],
  ['an object in place of a list', { op: 'add' }, 400, 'BadRequest'],
  ['an unknown operation', [{ op: 'set', path: '/data', value: 1 }], 422, 'Invalid'],
  ['a path into the prototype', [{ op: 'add', path: '/__proto__/x', value: 1 }], 422, 'Invalid'],
])('a JSON patch with %s is refused and changes nothing', async (_, body, code, reason) => {
  const { patch, path, sureGet } = await started();
  const before = await sureGet(path);
  const { status, failure } = await patch('json', path, body);
  expect([status, failure.reason]).toEqual([code, reason]);
  expect(await sureGet(path)).toEqual(before);
});

it('a merge patch deletes by null and replaces the rest', async () => {
  const { patch, path } = await started();
  const { object } = await patch('merge', path, { data: { one: null, three: '3' } });
  expect(object.data).toEqual({ two: '2', three: '3' });
});

it.each<[string, string, string, number, string]>([
  ['server-side apply in CBOR', CONFIG_MAPS, 'application/apply-patch+cbor', 415, 'Unsupported Media Type'],
  ['an unknown type', CONFIG_MAPS, 'text/plain', 415, 'Unsupported Media Type'],
  ['no type', CONFIG_MAPS, '', 415, 'Unsupported Media Type'],
  [
    'a strategic patch of a custom resource',
    SETS,
    'application/strategic-merge-patch+json',
    415,
    'unknown format',
  ],
])('%s is refused', async (_, collection, type, code, message) => {
  const { send, surePost } = await started();
  await surePost(DEFINITIONS, definition());
  await surePost(SETS, sidecarSet('a'));
  const request = { method: 'PATCH' as const, path: `${collection}/a`, body: {} };
  const { status, failure } = await send({ ...request, headers: { 'content-type': type } });
  expect(status).toBe(code);
  expect(failure.message).toContain(message);
});

const containers = (...names: string[]) => names.map((name) => ({ name, image: `${name}:1` }));

it.each<[string, Json, Json, Json]>([
  [
    'containers merge by name, new ones are appended',
    { containers: containers('a', 'b') },
    { containers: [{ name: 'b', image: 'b:2' }, { name: 'c' }] },
    { containers: [...containers('a'), { name: 'b', image: 'b:2' }, { name: 'c' }] },
  ],
  [
    'env merges by name inside a container',
    { containers: [{ name: 'a', env: [{ name: 'X', value: '1' }] }] },
    { containers: [{ name: 'a', env: [{ name: 'X', value: '2' }, { name: 'Y' }] }] },
    { containers: [{ name: 'a', env: [{ name: 'X', value: '2' }, { name: 'Y' }] }] },
  ],
  [
    'volumeMounts merge by mountPath',
    { volumeMounts: [{ name: 'v', mountPath: '/a' }] },
    {
      volumeMounts: [
        { name: 'w', mountPath: '/a' },
        { name: 'v', mountPath: '/b' },
      ],
    },
    {
      volumeMounts: [
        { name: 'w', mountPath: '/a' },
        { name: 'v', mountPath: '/b' },
      ],
    },
  ],
  [
    'conditions merge by type',
    {
      conditions: [
        { type: 'A', status: 'True' },
        { type: 'B', status: 'True' },
      ],
    },
    { conditions: [{ type: 'A', status: 'False' }] },
    {
      conditions: [
        { type: 'A', status: 'False' },
        { type: 'B', status: 'True' },
      ],
    },
  ],
  [
    '$patch: delete takes an item out',
    { containers: containers('a', 'b') },
    { containers: [{ name: 'a', $patch: 'delete' }] },
    { containers: containers('b') },
  ],
  [
    '$patch: delete of an item that is not there does nothing',
    { containers: containers('a') },
    { containers: [{ name: 'z', $patch: 'delete' }] },
    { containers: containers('a') },
  ],
  [
    '$patch: replace replaces a list',
    { containers: containers('a', 'b') },
    { containers: [{ $patch: 'replace' }, { name: 'c' }] },
    { containers: [{ name: 'c' }] },
  ],
  [
    '$patch: replace replaces a map',
    { labels: { a: '1', b: '2' } },
    { labels: { $patch: 'replace', c: '3' } },
    { labels: { c: '3' } },
  ],
  [
    '$patch: merge is what happens anyway',
    { labels: { a: '1' } },
    { labels: { $patch: 'merge', c: '3' } },
    { labels: { a: '1', c: '3' } },
  ],
  ['null deletes a field', { a: 1, b: 2 }, { a: null }, { b: 2 }],
  [
    'tolerations are replaced',
    { tolerations: [{ key: 'a' }] },
    { tolerations: [{ key: 'b' }] },
    { tolerations: [{ key: 'b' }] },
  ],
  [
    'finalizers merge as a set',
    { finalizers: ['a'] },
    { finalizers: ['a', 'b'] },
    { finalizers: ['a', 'b'] },
  ],
  [
    '$deleteFromPrimitiveList takes values out',
    { finalizers: ['a', 'b'] },
    { '$deleteFromPrimitiveList/finalizers': ['a'] },
    { finalizers: ['b'] },
  ],
  [
    '$retainKeys drops what it does not name',
    { strategy: { type: 'RollingUpdate', rollingUpdate: {} } },
    { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
    { strategy: { type: 'Recreate' } },
  ],
  [
    '$setElementOrder puts items in its order',
    { containers: containers('a', 'b') },
    {
      '$setElementOrder/containers': [{ name: 'c' }, { name: 'b' }, { name: 'a' }],
      containers: [{ name: 'c' }],
    },
    { containers: [{ name: 'c' }, ...containers('b', 'a')] },
  ],
  [
    '$setElementOrder leaves items it does not know where they were',
    { containers: containers('x', 'a', 'b') },
    { '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }] },
    { containers: containers('x', 'a', 'b') },
  ],
  [
    'directives do not stay in what is new',
    {},
    { spec: { $retainKeys: ['a'], a: 1, b: null } },
    { spec: { a: 1 } },
  ],
  [
    'a key of the prototype is a key',
    {},
    { data: { constructor: { a: 'b' } } },
    { data: { constructor: { a: 'b' } } },
  ],
])('strategic: %s', (_, target, patch, expected) => {
  expect(applyStrategicPatch('Pod', target, patch)).toEqual(expected);
});

it('ports merge by containerPort in a Pod and by port in a Service', () => {
  const patched = (kind: string, key: string) =>
    applyStrategicPatch(kind, { ports: [{ [key]: 80, name: 'a' }] }, { ports: [{ [key]: 80, name: 'b' }] });
  expect(patched('Pod', 'containerPort')).toEqual({ ports: [{ containerPort: 80, name: 'b' }] });
  expect(patched('Service', 'port')).toEqual({ ports: [{ port: 80, name: 'b' }] });
});

it.each<[string, Json]>([
  ['an item without its merge key', { containers: [{ image: 'a' }] }],
  ['an unknown directive', { spec: { $patch: 'explode' } }],
  ['an order that is no list', { '$setElementOrder/containers': 'a', containers: [] }],
])('strategic: %s is refused', (_, patch) => {
  const target = { containers: containers('a'), spec: {} };
  expect(() => applyStrategicPatch('Pod', target, patch)).toThrow(expect.objectContaining({ code: 400 }));
});
