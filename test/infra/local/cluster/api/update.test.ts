import { expect, it } from 'vitest';
import {
  CONFIG_MAPS,
  configMap,
  DEFINITIONS,
  definition,
  PODS,
  pod,
  SETS,
  sidecarSet,
  startApi,
} from './api.ts';

const MODIFIED =
  'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to ' +
  'the latest version and try again';

const started = async () => {
  const api = startApi();
  const created = await api.surePost(CONFIG_MAPS, configMap('a', { key: 'old' }));
  const path = `${CONFIG_MAPS}/a`;
  return { ...api, created, path };
};

it('PUT with the current resourceVersion replaces and moves the version on', async () => {
  const { put, created, path } = await started();
  const { object } = await put(path, { ...created, data: { other: 'new' } });
  expect(object.data).toEqual({ other: 'new' });
  expect(Number(object.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion));
});

it('PUT with an old resourceVersion is a conflict', async () => {
  const { put, created, path } = await started();
  await put(path, { ...created, data: {} });
  const { status, failure } = await put(path, created);
  expect([status, failure.reason, failure.message]).toEqual([409, 'Conflict', MODIFIED]);
  expect(failure.details).toEqual({ name: 'a', kind: 'configmaps' });
});

it('PUT without a resourceVersion is unconditional for built-in kinds and refused for custom ones', async () => {
  const { put, path, surePost } = await started();
  expect((await put(path, configMap('a', { key: 'new' }))).status).toBe(200);
  await surePost(DEFINITIONS, definition());
  await surePost(SETS, sidecarSet('s'));
  const { status, failure } = await put(`${SETS}/s`, sidecarSet('s', { paused: true }));
  expect([status, failure.details.causes?.[0]?.field]).toEqual([422, 'metadata.resourceVersion']);
});

it.each<[string, 'put' | 'patch', number]>([
  ['a conflict in a PUT', 'put', 409],
  ['the change of an immutable field in a patch', 'patch', 422],
])('another uid is %s', async (_, verb, code) => {
  const { put, patch, path } = await started();
  const body = configMap('a', {}, { uid: 'other' });
  const { status, failure } = await (verb === 'put' ? put(path, body) : patch('merge', path, body));
  expect(status).toBe(code);
  expect(failure.message).toContain(verb === 'put' ? 'UID in precondition: other' : 'metadata.uid');
});

it('a patch with the version that was read is a conflict once somebody else has written', async () => {
  const { patch, created, path } = await started();
  const { uid, resourceVersion } = created.metadata;
  const body = { metadata: { uid, resourceVersion }, data: { key: 'mine' } };
  await patch('merge', path, { data: { key: 'other' } });
  const { status, failure } = await patch('merge', path, body);
  expect([status, failure.message]).toEqual([409, MODIFIED]);
});

it.each([
  ['another name', { metadata: { name: 'b' } }],
  ['another namespace', { metadata: { name: 'a', namespace: 'kube-system' } }],
  ['no name', { metadata: {} }],
])('PUT with %s than its path is a bad request', async (_, body) => {
  const { put, path } = await started();
  expect((await put(path, body)).status).toBe(400);
});

it('writing to an object that is not there is not found', async () => {
  const { put, patch } = startApi();
  expect((await put(`${CONFIG_MAPS}/no`, configMap('no'))).status).toBe(404);
  expect((await patch('merge', `${CONFIG_MAPS}/no`, {})).status).toBe(404);
});

it('a write that changes nothing keeps the version and wakes no watcher', async () => {
  const { put, patch, created, path, watch } = await started();
  const { seen } = watch(CONFIG_MAPS, { resourceVersion: created.metadata.resourceVersion ?? '' });
  const { managedFields: _, ...metadata } = created.metadata;
  const same = await put(path, { ...created, metadata });
  const patched = await patch('merge', path, { data: { key: 'old' } });
  expect([same, patched].map(({ object }) => object)).toEqual([created, created]);
  expect(seen()).toEqual([]);
});

it('what the server owns in the metadata is kept', async () => {
  const { patch, created, path } = await started();
  const forged = {
    creationTimestamp: '2000-01-01T00:00:00Z',
    generation: 7,
    deletionTimestamp: null,
    uid: null,
  };
  const { object } = await patch('merge', path, { metadata: { ...forged, labels: { a: 'b' } } });
  const { resourceVersion: _, ...kept } = created.metadata;
  expect(object.metadata).toMatchObject({ ...kept, labels: { a: 'b' } });
  expect(object.metadata.generation).toBeUndefined();
});

it('a dry run of a patch shows the outcome and leaves the object', async () => {
  const { patch, sureGet, created, path } = await started();
  const { object } = await patch('merge', path, { data: { key: 'tried' } }, { dryRun: 'All' });
  expect(object.data).toEqual({ key: 'tried' });
  expect(await sureGet(path)).toEqual(created);
});

it('status and the rest of an object are written apart', async () => {
  const { surePost, patch } = startApi();
  await surePost(PODS, pod('web'));
  const both = { metadata: { labels: { a: 'b' } }, status: { phase: 'Running' } };
  const main = (await patch('merge', `${PODS}/web`, both)).object;
  expect([main.metadata.labels, main.status['phase']]).toEqual([{ a: 'b' }, 'Pending']);
  const more = { spec: { nodeName: 'n' }, status: { phase: 'Running' } };
  const status = (await patch('merge', `${PODS}/web/status`, more)).object;
  expect([status.metadata.labels, status.status['phase']]).toEqual([{ a: 'b' }, 'Running']);
  expect(status.spec).toEqual(main.spec);
});

it('generation rises with the spec alone', async () => {
  const { surePost, patch } = startApi();
  await surePost(PODS, pod('web'));
  const generation = async (path: string, body: unknown) =>
    (await patch('strategic', path, body)).object.metadata.generation;
  expect(await generation(`${PODS}/web`, { metadata: { labels: { a: 'b' } } })).toBe(1);
  expect(await generation(`${PODS}/web/status`, { status: { phase: 'Running' } })).toBe(1);
  const image = { spec: { containers: [{ name: 'main', image: 'nginx:2' }] } };
  expect(await generation(`${PODS}/web`, image)).toBe(2);
  expect(await generation(`${PODS}/web`, image)).toBe(2);
});

it('patches at the same time without a version are all applied', async () => {
  const { patch, sureGet, path } = await started();
  const keys = ['b', 'c', 'd'];
  await Promise.all(keys.map((key) => patch('merge', path, { data: { [key]: key } })));
  expect((await sureGet(path)).data).toEqual({ key: 'old', b: 'b', c: 'c', d: 'd' });
});

it('immutable configuration stays as it is', async () => {
  const { patch, path } = await started();
  await patch('merge', path, { immutable: true });
  const { status, failure } = await patch('merge', path, { data: { key: 'new' } });
  expect([status, failure.details.causes?.[0]?.field]).toEqual([422, 'data']);
});
