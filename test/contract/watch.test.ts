/** Watches: where they start, what they show, how they end. */
import { expect } from 'vitest';
import { removeAtEnd } from './harness/api.ts';
import {
  type Api,
  configMap,
  configMapsIn,
  contract,
  eventually,
  freshName,
  freshNamespace,
  pod,
  podsIn,
  type Sabotage,
} from './harness/contract.ts';
import { ignoresQuery } from './harness/wrong.ts';

const MINE = { labelSelector: 'case' };
const mine = (name: string, data = {}, more = {}) => configMap(name, data, { labels: { case: '' }, ...more });

const loses = (behaviour: string, lost: (event: { type: string }) => boolean): Sabotage => ({
  behaviour,
  event: (event) => (lost(event) ? undefined : event),
});

const twoMaps = async (api: Api) => {
  const path = configMapsIn(await freshNamespace());
  const first = await api.surePost(path, mine('a'));
  await api.surePost(path, mine('b'));
  return { path, version: first.metadata.resourceVersion ?? '' };
};

for (const query of [{}, { resourceVersion: '0' }] as Record<string, string>[])
  contract(
    `a watch with ${JSON.stringify(query)} starts with what exists and goes on with changes`,
    loses('forgets what exists', ({ type }) => type === 'ADDED'),
    async (api) => {
      const { path } = await twoMaps(api);
      const stream = await api.watch(path, { ...MINE, ...query });
      await stream.until(({ object }) => object.metadata.name === 'b');
      await api.patch('merge', `${path}/a`, { data: { n: '1' } });
      await api.remove(`${path}/b`);
      await stream.until(({ type }) => type === 'DELETED');
      expect(stream.seen()).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b']);
      const last = stream.events.at(-1)?.object.metadata.resourceVersion;
      expect(Number(last)).toBeGreaterThan(Number(stream.events[2]?.object.metadata.resourceVersion));
    },
  );

contract(
  'a watch from a version shows what came after it, in order, and each event has its version',
  ignoresQuery('starts with what exists', 'resourceVersion'),
  async (api) => {
    const { path, version } = await twoMaps(api);
    const { object } = await api.patch('merge', `${path}/a`, { data: { n: '1' } });
    const stream = await api.watch(path, { ...MINE, resourceVersion: version });
    await stream.until(({ type }) => type === 'MODIFIED');
    expect(stream.seen()).toEqual(['ADDED b', 'MODIFIED a']);
    expect(stream.events[1]?.object.metadata.resourceVersion).toBe(object.metadata.resourceVersion);
  },
);

/** A resource that is younger than version 1: what was before it, no server remembers. */
const freshResource = async (api: Api): Promise<string> => {
  const plural = freshName('things').replaceAll('-', '');
  const group = 'watch.example.com';
  const schema = { openAPIV3Schema: { type: 'object' } };
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await api.surePost(definitions, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Cluster',
      names: { plural, singular: plural, kind: plural, listKind: `${plural}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  });
  removeAtEnd(`${definitions}/${plural}.${group}`);
  const path = `/apis/${group}/v1/${plural}`;
  await eventually(async () => (await api.get(path)).status === 200);
  return path;
};

contract(
  'a watch from a version that is forgotten is told so by an ERROR event, 410 Expired',
  loses('says nothing', ({ type }) => type === 'ERROR'),
  async (api) => {
    const stream = await api.watch(await freshResource(api), { resourceVersion: '1' });
    await eventually(() => stream.events.length > 0);
    expect(stream.events).toEqual([
      {
        type: 'ERROR',
        object: {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: expect.stringMatching(/^too old resource version: 1 \(\d+\)$/),
          reason: 'Expired',
          code: 410,
        },
      },
    ]);
  },
);

contract(
  'a watch by a version that is no number is a 500 without a reason',
  ignoresQuery('ignores it', 'resourceVersion'),
  async (api) => {
    const path = configMapsIn(await freshNamespace());
    const query = { watch: 'true', timeoutSeconds: '1', resourceVersion: 'new' };
    const { status, failure } = await api.get(path, query);
    expect([status, failure.reason, failure.message]).toEqual([
      500,
      undefined,
      'resourceVersion: Invalid value: "new": strconv.ParseUint: parsing "new": invalid syntax',
    ]);
  },
);

const BOOKMARKED: [string, Record<string, string>][] = [
  ['sendInitialEvents', { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }],
  ['no resourceVersion', {}],
];

for (const [name, query] of BOOKMARKED)
  contract(
    `with ${name} and allowWatchBookmarks a bookmark ends what exists`,
    loses('sends no bookmark', ({ type }) => type === 'BOOKMARK'),
    async (api) => {
      const { path } = await twoMaps(api);
      const list = await api.sureGet(path);
      const stream = await api.watch(path, { ...MINE, allowWatchBookmarks: 'true', ...query });
      const { object } = await stream.until(({ type }) => type === 'BOOKMARK');
      expect(stream.events.map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'BOOKMARK']);
      expect(object).toEqual({
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: {
          resourceVersion: expect.stringMatching(/^\d+$/),
          annotations: { 'k8s.io/initial-events-end': 'true' },
        },
      });
      const reached = Number(object.metadata.resourceVersion);
      expect(reached).toBeGreaterThanOrEqual(Number(list.metadata.resourceVersion));
    },
  );

contract(
  'without allowWatchBookmarks there is none; sendInitialEvents=false starts with what comes',
  ignoresQuery('sends what exists', 'sendInitialEvents', 'resourceVersionMatch'),
  async (api) => {
    const { path } = await twoMaps(api);
    const query = { sendInitialEvents: 'false', resourceVersionMatch: 'NotOlderThan' };
    const stream = await api.watch(path, { ...MINE, ...query });
    await api.surePost(path, mine('c'));
    await stream.until(({ object }) => object.metadata.name === 'c');
    expect(stream.seen()).toEqual(['ADDED c']);
  },
);

const REFUSED: [string, Record<string, string>, string][] = [
  [
    'sendInitialEvents without a match',
    { sendInitialEvents: 'true' },
    'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
  ],
  [
    'a match without sendInitialEvents',
    { resourceVersionMatch: 'NotOlderThan', resourceVersion: '0' },
    'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
  ],
  [
    'a continue token',
    { continue: 'token' },
    'Forbidden: resourceVersionMatch is forbidden when continue is provided',
  ],
];

for (const [name, query, why] of REFUSED)
  contract(`a watch refuses ${name}`, ignoresQuery('ignores it', ...Object.keys(query)), async (api) => {
    const path = configMapsIn(await freshNamespace());
    const { status, failure } = await api.get(path, { watch: 'true', timeoutSeconds: '1', ...query });
    expect([status, failure.message]).toEqual([
      422,
      `ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: ${why}`,
    ]);
  });

contract(
  'an object that stops matching is DELETED as it last matched, and ADDED when it matches again',
  ignoresQuery('does not select', 'labelSelector'),
  async (api) => {
    const path = configMapsIn(await freshNamespace());
    await api.surePost(path, configMap('a', {}, { labels: { app: 'web' } }));
    const stream = await api.watch(path, { labelSelector: 'app=web' });
    await stream.until(({ type }) => type === 'ADDED');
    const away = await api.patch('merge', `${path}/a`, { metadata: { labels: { app: 'db' } } });
    await api.patch('merge', `${path}/a`, { data: { unseen: 'yes' } });
    await api.patch('merge', `${path}/a`, { metadata: { labels: { app: 'web' } } });
    await api.remove(`${path}/a`);
    await eventually(() => stream.events.length === 4);
    expect(stream.seen()).toEqual(['ADDED a', 'DELETED a', 'ADDED a', 'DELETED a']);
    const gone = stream.events[1]?.object.metadata;
    expect(gone?.labels).toEqual({ app: 'web' });
    expect(gone?.resourceVersion).toBe(away.object.metadata.resourceVersion);
  },
);

contract(
  'field selectors of a watch follow the status',
  ignoresQuery('does not select', 'fieldSelector'),
  async (api) => {
    const path = podsIn(await freshNamespace());
    await api.surePost(path, pod('a'));
    const fieldSelector = 'spec.restartPolicy=Always,status.phase=Pending';
    const stream = await api.watch(path, { fieldSelector });
    await stream.until(({ type }) => type === 'ADDED');
    await api.patch('merge', `${path}/a/status`, { status: { phase: 'Running' } });
    const { object } = await stream.until(({ type }) => type === 'DELETED');
    expect(object.status).toMatchObject({ phase: 'Pending' });
  },
);

contract(
  'a write that changes nothing is no event',
  {
    behaviour: 'tells of every write',
    event: (event) => (event.type === 'MODIFIED' ? { ...event, type: 'ADDED' } : event),
  },
  async (api) => {
    const { path } = await twoMaps(api);
    const stream = await api.watch(path, MINE);
    await api.patch('merge', `${path}/a`, { metadata: { labels: { case: '' } } });
    await api.patch('merge', `${path}/a`, { data: { n: '1' } });
    await stream.until(({ object }) => object.data?.['n'] === '1');
    expect(stream.seen()).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a']);
  },
);

contract(
  'the write that removes the last finalizer is seen as the DELETED of what was there before it',
  loses('forgets it', ({ type }) => type === 'DELETED'),
  async (api) => {
    const path = configMapsIn(await freshNamespace());
    const finalizers = ['example.com/hold'];
    await api.surePost(path, mine('a', {}, { finalizers }));
    const stream = await api.watch(path, MINE);
    await api.remove(`${path}/a`);
    await api.patch('merge', `${path}/a`, { metadata: { finalizers: null }, data: { last: 'words' } });
    const { object } = await stream.until(({ type }) => type === 'DELETED');
    expect(stream.seen()).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
    expect(object.metadata).toMatchObject({ finalizers, deletionGracePeriodSeconds: 0 });
    expect(object.data).toBeUndefined();
  },
);

const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

contract(
  'a watch of metadata shows nothing else, in bookmarks and removals too',
  {
    behaviour: 'shows all of it',
    event: ({ type, object }) => ({ type, object: { ...object, data: {} } }),
  },
  async (api) => {
    const { path } = await twoMaps(api);
    const query = {
      ...MINE,
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: 'true',
    };
    const stream = await api.watch(path, query, { accept: METADATA });
    await stream.until(({ type }) => type === 'BOOKMARK');
    await api.remove(`${path}/a`);
    await stream.until(({ type }) => type === 'DELETED');
    expect(stream.events.map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'BOOKMARK', 'DELETED']);
    for (const { object } of stream.events) {
      expect(Object.keys(object).sort()).toEqual(['apiVersion', 'kind', 'metadata']);
      expect([object.apiVersion, object.kind]).toEqual(['meta.k8s.io/v1', 'PartialObjectMetadata']);
    }
  },
);

contract(
  'timeoutSeconds ends a watch',
  {
    behaviour: 'shows the list',
    request: ({ query: { watch: _, ...query }, ...request }) => ({ ...request, query }),
  },
  async (api) => {
    const { path } = await twoMaps(api);
    const { status, object } = await api.get(path, { ...MINE, watch: 'true', timeoutSeconds: '1' });
    // Two lines: no JSON as a whole.
    expect([status, typeof object]).toEqual([200, 'string']);
  },
);

contract(
  'an object is not watched by its own path: it is read',
  {
    behaviour: 'waits for changes',
    answer: (answer) => ({ ...answer, object: { ...answer.object, kind: 'WatchEvent' } }),
  },
  async (api) => {
    const { path } = await twoMaps(api);
    const { status, object } = await api.get(`${path}/a`, { watch: 'true', timeoutSeconds: '1' });
    expect([status, object.kind, object.metadata.name]).toEqual([200, 'ConfigMap', 'a']);
  },
);
