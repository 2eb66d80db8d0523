import { expect, it } from 'vitest';
import { CONFIG_MAPS, configMap, PODS, pod, START, startApi } from './api.ts';

it('a new object gets uid, creation time and resourceVersion, and comes back the same', async () => {
  const { surePost, sureGet } = startApi();
  const created = await surePost(PODS, pod('web'));
  expect(created.metadata).toMatchObject({
    name: 'web',
    namespace: 'default',
    generation: 1,
    creationTimestamp: START.toISOString().replace('.000', ''),
    uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    resourceVersion: expect.stringMatching(/^\d+$/),
  });
  expect(await sureGet(`${PODS}/web`)).toEqual(created);
});

it('generateName ends in five characters of its own alphabet', async () => {
  const { surePost } = startApi();
  const { metadata } = await surePost(PODS, pod('', { metadata: { generateName: 'web-' } }));
  expect(metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

it.each<[string, string, unknown, number, string, string]>([
  [
    'a missing namespace',
    '/api/v1/namespaces/no/pods',
    pod('a'),
    404,
    'NotFound',
    'namespaces "no" not found',
  ],
  ['a name that exists', PODS, pod('taken'), 409, 'AlreadyExists', 'pods "taken" already exists'],
  ['no name', PODS, pod(''), 422, 'Invalid', 'name or generateName is required'],
  ['a bad name', PODS, pod('Web'), 422, 'Invalid', 'metadata.name: Invalid value: "Web"'],
  [
    'another namespace than the path',
    PODS,
    pod('a', { metadata: { namespace: 'x' } }),
    400,
    'BadRequest',
    'does not match the namespace',
  ],
  [
    'another kind than the path',
    PODS,
    { ...pod('a'), kind: 'Job' },
    400,
    'BadRequest',
    'cannot be handled as a Pod',
  ],
  [
    'another version than the path',
    PODS,
    { ...pod('a'), apiVersion: 'v2' },
    400,
    'BadRequest',
    'API version in the data (v2)',
  ],
  [
    'a label that is no string',
    PODS,
    pod('a', { metadata: { labels: { a: 1 } } }),
    400,
    'BadRequest',
    'Go struct field ObjectMeta.metadata.labels of type string',
  ],
  ['no object', PODS, 'text', 400, 'BadRequest', 'must be an object'],
  ['all namespaces at once', '/api/v1/pods', pod('a'), 405, 'MethodNotAllowed', 'does not allow this method'],
  ['an unsafe key', CONFIG_MAPS, JSON.parse('{"data":{"__proto__":"x"}}'), 400, 'BadRequest', '__proto__'],
])('creating is refused with %s', async (_, path, body, code, reason, message) => {
  const { post, surePost } = startApi();
  await surePost(PODS, pod('taken'));
  const { status, failure } = await post(path, body);
  expect(status).toBe(code);
  expect(failure).toMatchObject({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason });
  expect(failure.message).toContain(message);
});

it('what the server owns is never taken from a new object', async () => {
  const { surePost } = startApi();
  const forged = {
    uid: 'mine',
    generation: 7,
    creationTimestamp: '2000-01-01T00:00:00Z',
    deletionTimestamp: '2000-01-01T00:00:00Z',
    deletionGracePeriodSeconds: 1,
    managedFields: [{ manager: 'mine', operation: 'Update', apiVersion: 'v1' }],
  };
  const { metadata } = await surePost(CONFIG_MAPS, configMap('a', { x: '1' }, forged));
  expect(Object.keys(metadata).sort()).toEqual([
    'creationTimestamp',
    'managedFields',
    'name',
    'namespace',
    'resourceVersion',
    'uid',
  ]);
  expect(metadata.uid).not.toBe(forged.uid);
  expect(metadata.creationTimestamp).not.toBe(forged.creationTimestamp);
  expect(metadata.managedFields).toEqual([expect.objectContaining({ manager: 'unknown' })]);
});

it('a resourceVersion in a new object is refused', async () => {
  const { post } = startApi();
  const { status, failure } = await post(CONFIG_MAPS, configMap('a', {}, { resourceVersion: '5' }));
  expect([status, failure.message]).toEqual([
    500,
    'resourceVersion should not be set on objects to be created',
  ]);
});

it('a dry run answers as if, and stores and announces nothing', async () => {
  const { post, get, watch } = startApi();
  const { seen } = watch(PODS);
  const { status, object } = await post(PODS, pod('web'), { dryRun: 'All' });
  expect([status, object.metadata.name, object.metadata.resourceVersion]).toEqual([201, 'web', undefined]);
  expect((await get(`${PODS}/web`)).status).toBe(404);
  expect(seen()).toEqual([]);
});

it('an unknown dryRun value is refused', async () => {
  expect((await startApi().post(PODS, pod('web'), { dryRun: 'Some' })).status).toBe(400);
});

it('neither what goes in nor what comes out is the stored object', async () => {
  const { surePost, sureGet, watch } = startApi();
  const { events } = watch(CONFIG_MAPS);
  const body = configMap('a', { key: 'value' });
  const created = await surePost(CONFIG_MAPS, body);
  for (const object of [body, created, events[0]?.object])
    Object.assign(object?.data ?? {}, { key: 'changed' });
  expect((await sureGet(`${CONFIG_MAPS}/a`)).data).toEqual({ key: 'value' });
});

it('names of the object prototype are names like any other', async () => {
  const { surePost, get, names } = startApi();
  expect((await get(`${CONFIG_MAPS}/constructor`)).status).toBe(404);
  await surePost(CONFIG_MAPS, configMap('constructor', { toString: 'x' }));
  expect(await names(CONFIG_MAPS)).toEqual(['constructor']);
});

it('the stringData of a Secret ends up in data', async () => {
  const { surePost } = startApi();
  const body = { metadata: { name: 's' }, stringData: { b: 'new' }, data: { a: 'YQ==', b: 'b2xk' } };
  expect(await surePost('/api/v1/namespaces/default/secrets', body)).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: expect.anything(),
    type: 'Opaque',
    data: { a: 'YQ==', b: 'bmV3' },
  });
});

it('a namespace carries its name as a label; the first two are there from the start', async () => {
  const { surePost, names, sureGet } = startApi();
  await surePost('/api/v1/namespaces', { metadata: { name: 'team' } });
  expect(await names('/api/v1/namespaces')).toEqual(['default', 'kube-system', 'team']);
  const { items } = await sureGet('/api/v1/namespaces', { labelSelector: 'kubernetes.io/metadata.name' });
  expect(items).toHaveLength(3);
});
