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

it('a deleted object is gone, and the answer names it', async () => {
  const { surePost, remove, get } = startApi();
  const { metadata } = await surePost(CONFIG_MAPS, configMap('a'));
  const { status, object } = await remove(`${CONFIG_MAPS}/a`);
  expect(status).toBe(200);
  expect(object).toMatchObject({
    kind: 'Status',
    status: 'Success',
    details: { name: 'a', kind: 'configmaps', uid: metadata.uid },
  });
  expect((await get(`${CONFIG_MAPS}/a`)).status).toBe(404);
  expect((await remove(`${CONFIG_MAPS}/a`)).status).toBe(404);
});

it.each([
  { uid: 'other' },
  { resourceVersion: '1' },
])('the precondition %j is a conflict', async (preconditions) => {
  const { surePost, remove } = startApi();
  await surePost(CONFIG_MAPS, configMap('a'));
  const { status, failure } = await remove(`${CONFIG_MAPS}/a`, { preconditions });
  expect([status, failure.reason]).toEqual([409, 'Conflict']);
});

it('finalizers hold an object until the last one is gone', async () => {
  const { surePost, remove, patch, get, watch } = startApi();
  await surePost(CONFIG_MAPS, configMap('a', {}, { finalizers: ['x/y'] }));
  const { seen } = watch(CONFIG_MAPS);
  const { object } = await remove(`${CONFIG_MAPS}/a`);
  expect(object.metadata).toMatchObject({
    deletionTimestamp: '2026-01-02T03:04:05Z',
    deletionGracePeriodSeconds: 0,
  });
  const added = await patch('merge', `${CONFIG_MAPS}/a`, { metadata: { finalizers: ['x/y', 'z/z'] } });
  expect(added.failure.details.causes?.[0]?.field).toBe('metadata.finalizers');
  await patch('merge', `${CONFIG_MAPS}/a`, { metadata: { finalizers: null } });
  expect((await get(`${CONFIG_MAPS}/a`)).status).toBe(404);
  expect(seen()).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
});

const running = async () => {
  const api = startApi();
  await api.surePost(PODS, pod('web', { spec: { nodeName: 'n', terminationGracePeriodSeconds: 20 } }));
  return { ...api, path: `${PODS}/web` };
};

it('a pod on a node waits for the kubelet', async () => {
  const { remove, path, watch, get, clock } = await running();
  const { seen } = watch(PODS);
  const first = await remove(path);
  expect([first.status, first.object.metadata]).toMatchObject([
    200,
    { deletionTimestamp: '2026-01-02T03:04:25Z', deletionGracePeriodSeconds: 20, generation: 2 },
  ]);
  clock.pass(5000);
  const again = await remove(path);
  expect(again.object.metadata).toEqual(first.object.metadata);
  const longer = await remove(path, { gracePeriodSeconds: 60 });
  expect(longer.object.metadata).toEqual(first.object.metadata);
  const shorter = await remove(path, { gracePeriodSeconds: 10 });
  expect(shorter.object.metadata).toMatchObject({
    deletionTimestamp: '2026-01-02T03:04:15Z',
    deletionGracePeriodSeconds: 10,
    generation: 2,
  });
  const last = await remove(path, { gracePeriodSeconds: 0 });
  expect(last.object).toMatchObject({ kind: 'Pod', metadata: { name: 'web' } });
  expect((await get(path)).status).toBe(404);
  expect(seen()).toEqual(['ADDED web', 'MODIFIED web', 'MODIFIED web', 'DELETED web']);
});

it('a kubelet that removes the last finalizer of a pod in its grace period does not remove the pod', async () => {
  const { remove, patch, path, get } = await running();
  await patch('merge', path, { metadata: { finalizers: ['x/y'] } });
  await remove(path);
  await patch('merge', path, { metadata: { finalizers: [] } });
  expect((await get(path)).status).toBe(200);
});

it.each<[string, object, object]>([
  ['on no node', {}, {}],
  ['that has succeeded', { nodeName: 'n' }, { phase: 'Succeeded' }],
  ['that has failed', { nodeName: 'n' }, { phase: 'Failed' }],
])('a pod %s goes at once', async (_, spec, status) => {
  const { surePost, patch, remove, get } = startApi();
  await surePost(PODS, pod('web', { spec: { ...spec } }));
  await patch('merge', `${PODS}/web/status`, { status });
  await remove(`${PODS}/web`);
  expect((await get(`${PODS}/web`)).status).toBe(404);
});

it('options are read from the query too', async () => {
  const { remove, path, get } = await running();
  await remove(path, undefined, { gracePeriodSeconds: '0' });
  expect((await get(path)).status).toBe(404);
});

it('a dry run of a deletion leaves the object', async () => {
  const { remove, path, sureGet } = await running();
  await remove(path, { dryRun: ['All'] });
  expect((await sureGet(path)).metadata.deletionTimestamp).toBeUndefined();
});

it.each([
  [{ propagationPolicy: 'Foreground' }, 200],
  [{ propagationPolicy: 'Orphan' }, 200],
  [{ orphanDependents: true }, 200],
  [{ propagationPolicy: 'Sideways' }, 422],
  [{ gracePeriodSeconds: -1 }, 200],
  [{ propagationPolicy: 'Background' }, 200],
])('DELETE with %j answers %i', async (body, code) => {
  const { surePost, remove } = startApi();
  await surePost(CONFIG_MAPS, configMap('a'));
  expect((await remove(`${CONFIG_MAPS}/a`, body)).status).toBe(code);
});

it.each(['Foreground', 'Orphan'])('%s of a kind that nobody collects is refused by name', async (policy) => {
  const { surePost, remove, get } = startApi();
  await surePost('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' } });
  const { status, failure } = await remove('/api/v1/nodes/a', { propagationPolicy: policy });
  expect([status, failure.message]).toEqual([
    501,
    `propagationPolicy ${policy} of nodes is not supported by the embedded API server`,
  ]);
  expect((await get('/api/v1/nodes/a')).status).toBe(200);
});

it('deletecollection takes what the selector names', async () => {
  const { surePost, remove, names } = startApi();
  for (const name of ['a', 'b', 'c'])
    await surePost(CONFIG_MAPS, configMap(name, {}, { labels: { keep: String(name === 'b') } }));
  const { object } = await remove(CONFIG_MAPS, undefined, { labelSelector: 'keep!=true' });
  expect(object.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'c']);
  expect(await names(CONFIG_MAPS)).toEqual(['b']);
});

it.each([
  ['default', 403],
  ['busy', 501],
  ['empty', 200],
])('deleting the namespace %s answers %i', async (name, code) => {
  const { surePost, remove } = startApi();
  for (const metadata of [{ name: 'busy' }, { name: 'empty' }])
    await surePost('/api/v1/namespaces', { metadata });
  await surePost('/api/v1/namespaces/busy/configmaps', configMap('a'));
  expect((await remove(`/api/v1/namespaces/${name}`)).status).toBe(code);
});

it('a definition takes its objects along', async () => {
  const { api, surePost, remove, get } = startApi();
  await surePost(DEFINITIONS, definition());
  await surePost(SETS, sidecarSet('s'));
  const seen: string[] = [];
  for (const path of [SETS, DEFINITIONS])
    api.watch({ method: 'GET', path, query: { watch: 'true' } }, ({ type, object }) =>
      seen.push(`${type} ${object['kind']}`),
    );
  await remove(`${DEFINITIONS}/sidecarsets.apps.kruise.io`);
  expect(seen.filter((event) => event.startsWith('DELETED'))).toEqual([
    'DELETED SidecarSet',
    'DELETED CustomResourceDefinition',
  ]);
  expect((await get(SETS)).status).toBe(404);
  await surePost(DEFINITIONS, definition());
  expect((await get(SETS)).object.items).toEqual([]);
});
