import { expect, it, vi } from 'vitest';
import { CONFIG_MAPS, configMap, PODS, pod, startApi } from './api.ts';

it.each<Record<string, string>>([
  {},
  { resourceVersion: '0' },
  { resourceVersion: '' },
])('with %j a watch starts with what exists and goes on with changes', async (query) => {
  const { surePost, patch, remove, watch } = startApi();
  await surePost(CONFIG_MAPS, configMap('a'));
  const { seen, events } = watch(CONFIG_MAPS, query);
  await surePost(CONFIG_MAPS, configMap('b'));
  await patch('merge', `${CONFIG_MAPS}/a`, { data: { x: 'y' } });
  await remove(`${CONFIG_MAPS}/b`);
  expect(seen()).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b']);
  const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
  expect(versions).toEqual([...versions].sort((a, b) => a - b));
});

it('a version resumes after that version', async () => {
  const { surePost, patch, watch } = startApi();
  const { metadata } = await surePost(CONFIG_MAPS, configMap('a'));
  await patch('merge', `${CONFIG_MAPS}/a`, { data: { x: '1' } });
  await surePost(PODS, pod('other'));
  const { seen } = watch(CONFIG_MAPS, { resourceVersion: metadata.resourceVersion ?? '' });
  await patch('merge', `${CONFIG_MAPS}/a`, { data: { x: '2' } });
  expect(seen()).toEqual(['MODIFIED a', 'MODIFIED a']);
});

it.each([
  ['that is forgotten', '2', 410, 'Expired'],
  ['that is no number', 'x', 500, undefined],
])('a version %s is refused', async (_, resourceVersion, code, reason) => {
  const { surePost, watch } = startApi({ historyLimit: 2 });
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await surePost(CONFIG_MAPS, configMap(name));
  const { refused } = watch(CONFIG_MAPS, { resourceVersion });
  expect(refused).toMatchObject({ status: code, body: { kind: 'Status', ...(reason && { reason }), code } });
});

it('a version that is not reached waits for what comes after it', async () => {
  const { surePost, watch } = startApi();
  const { metadata } = await surePost(CONFIG_MAPS, configMap('a'));
  const { seen } = watch(CONFIG_MAPS, { resourceVersion: String(Number(metadata.resourceVersion) + 1) });
  await surePost(CONFIG_MAPS, configMap('b'));
  await surePost(CONFIG_MAPS, configMap('c'));
  expect(seen()).toEqual(['ADDED c']);
});

it('sendInitialEvents ends what exists with a bookmark', async () => {
  const { surePost, watch } = startApi();
  const { metadata } = await surePost(CONFIG_MAPS, configMap('a'));
  const query = { sendInitialEvents: 'true', allowWatchBookmarks: 'true' };
  const { events } = watch(CONFIG_MAPS, { ...query, resourceVersionMatch: 'NotOlderThan' });
  expect(events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK']);
  expect(events[1]?.object).toMatchObject({
    kind: 'ConfigMap',
    metadata: {
      resourceVersion: metadata.resourceVersion,
      annotations: { 'k8s.io/initial-events-end': 'true' },
    },
  });
});

it('an object that stops matching is deleted for the watcher, one that starts is added', async () => {
  const { surePost, patch, watch } = startApi();
  await surePost(PODS, pod('a', { metadata: { labels: { app: 'web' } } }));
  await surePost(PODS, pod('b'));
  const { seen, events } = watch('/api/v1/pods', { labelSelector: 'app=web' });
  await patch('merge', `${PODS}/a`, { metadata: { labels: { app: 'db' } } });
  await patch('merge', `${PODS}/a`, { metadata: { labels: { app: 'x' } } });
  const { object } = await patch('merge', `${PODS}/b`, { metadata: { labels: { app: 'web' } } });
  expect(seen()).toEqual(['ADDED a', 'DELETED a', 'ADDED b']);
  expect(events[1]?.object.metadata.labels).toEqual({ app: 'web' });
  expect(events[2]?.object).toEqual(object);
});

it('field selectors follow the status', async () => {
  const { surePost, patch, watch } = startApi();
  await surePost(PODS, pod('a'));
  const { seen } = watch('/api/v1/pods', { fieldSelector: 'status.phase=Pending' });
  await patch('merge', `${PODS}/a/status`, { status: { phase: 'Running' } });
  expect(seen()).toEqual(['ADDED a', 'DELETED a']);
});

it('events are there before the answer to the write', async () => {
  const { api, watch } = startApi();
  const { seen } = watch(CONFIG_MAPS);
  const write = api.handle({ method: 'POST', path: CONFIG_MAPS, body: configMap('a') });
  const before = write.then(() => seen());
  expect(await before).toEqual(['ADDED a']);
});

it('every watcher sees the same order, also if a watcher writes', async () => {
  const { api, watch, surePost } = startApi();
  const request = { method: 'GET' as const, path: CONFIG_MAPS, query: { watch: 'true' } };
  api.watch(request, ({ object }) => {
    const { name } = object['metadata'] as { name: string };
    if (name === 'a') void api.handle({ method: 'POST', path: CONFIG_MAPS, body: configMap('b') });
  });
  const { seen } = watch(CONFIG_MAPS);
  await surePost(CONFIG_MAPS, configMap('a'));
  await vi.waitFor(() => expect(seen()).toEqual(['ADDED a', 'ADDED b']));
});

it('a watch that is started by an event does not see that event twice', async () => {
  const { api, watch, surePost } = startApi();
  const inner: ReturnType<typeof watch>[] = [];
  const request = { method: 'GET' as const, path: CONFIG_MAPS, query: { watch: 'true' } };
  api.watch(request, () => inner.push(watch(CONFIG_MAPS)));
  await surePost(CONFIG_MAPS, configMap('a'));
  expect(inner.map(({ seen }) => seen())).toEqual([['ADDED a']]);
});

it('a watcher that throws disturbs neither the write nor the others', async () => {
  const { api, watch, post } = startApi();
  const thrown: unknown[] = [];
  const note = (error: unknown) => thrown.push(error);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', note);
  try {
    const fault = new Error('mine');
    api.watch({ method: 'GET', path: CONFIG_MAPS, query: { watch: 'true' } }, () => {
      throw fault;
    });
    const { seen } = watch(CONFIG_MAPS);
    expect((await post(CONFIG_MAPS, configMap('a'))).status).toBe(201);
    expect(seen()).toEqual(['ADDED a']);
    await vi.waitFor(() => expect(thrown).toEqual([fault]));
  } finally {
    process.off('uncaughtException', note);
    for (const other of others) process.on('uncaughtException', other);
  }
});

it('nothing comes after stop', async () => {
  const { surePost, watch } = startApi();
  const { seen, stop } = watch(CONFIG_MAPS);
  stop();
  await surePost(CONFIG_MAPS, configMap('a'));
  expect(seen()).toEqual([]);
});

it('handle does not start watches', async () => {
  expect((await startApi().get(PODS, { watch: 'true' })).status).toBe(400);
});

it('a watch of metadata leaves the rest out', async () => {
  const { api, surePost } = startApi();
  const kinds: unknown[] = [];
  const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
  const request = { method: 'GET' as const, path: PODS, query: { watch: '1' }, headers: { accept } };
  api.watch(request, ({ object }) => kinds.push([object['kind'], Object.keys(object).length]));
  await surePost(PODS, pod('web'));
  expect(kinds).toEqual([['PartialObjectMetadata', 3]]);
});
