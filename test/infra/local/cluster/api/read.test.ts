import { beforeEach, describe, expect, it } from 'vitest';
import { type Api, CONFIG_MAPS, configMap, PODS, pod, startApi } from './api.ts';

let api: Api;

describe('selectors', () => {
  beforeEach(async () => {
    api = startApi();
    await api.surePost('/api/v1/namespaces', { metadata: { name: 'team' } });
    await api.surePost(PODS, pod('a', { metadata: { labels: { app: 'web', tier: 'front' } } }));
    await api.surePost(
      PODS,
      pod('b', { metadata: { labels: { app: 'db' } }, spec: { restartPolicy: 'Never' } }),
    );
    await api.surePost(PODS, pod('c', { spec: { nodeName: 'node-1' } }));
    await api.surePost('/api/v1/namespaces/team/pods', pod('d', { metadata: { labels: { app: 'web' } } }));
    await api.patch('merge', `${PODS}/c/status`, { status: { phase: 'Running', podIP: '10.0.0.1' } });
  });

  it.each<[string, string[]]>([
    ['', ['a', 'b', 'c', 'd']],
    ['app=web', ['a', 'd']],
    ['app==web', ['a', 'd']],
    ['app!=web', ['b', 'c']],
    ['app in (web, db)', ['a', 'b', 'd']],
    ['app notin (web,db)', ['c']],
    ['tier', ['a']],
    ['!app', ['c']],
    ['app=web,!tier', ['d']],
    ['app in (web),tier=front', ['a']],
    ['constructor', []],
  ])('labels %j', async (labelSelector, expected) => {
    expect(await api.names('/api/v1/pods', { labelSelector })).toEqual(expected);
  });

  it.each<[string, string[]]>([
    ['metadata.name=a', ['a']],
    ['metadata.name!=a', ['b', 'c', 'd']],
    ['metadata.namespace==team', ['d']],
    ['spec.nodeName=node-1', ['c']],
    ['spec.nodeName=', ['a', 'b', 'd']],
    ['spec.restartPolicy!=Always,status.phase=Pending', ['b']],
    ['status.phase=Running', ['c']],
    ['status.podIP=10.0.0.1', ['c']],
  ])('fields %j', async (fieldSelector, expected) => {
    expect(await api.names('/api/v1/pods', { fieldSelector })).toEqual(expected);
  });

  it.each<Record<string, string>>([
    { labelSelector: 'app=(' },
    { labelSelector: 'app in web' },
    { labelSelector: 'app > one' },
    { fieldSelector: 'spec.priority=1' },
    { fieldSelector: 'spec.nodeName' },
  ])('%j is a bad request', async (query) => {
    const { status, failure } = await api.get('/api/v1/pods', query);
    expect([status, failure.reason]).toEqual([400, 'BadRequest']);
  });

  it('an unsupported field is named', async () => {
    const { failure } = await api.get(CONFIG_MAPS, { fieldSelector: 'data.a=b' });
    expect(failure.message).toBe(
      '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
  });
});

describe('pages', () => {
  beforeEach(async () => {
    api = startApi({ historyLimit: 5 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) await api.surePost(CONFIG_MAPS, configMap(name));
  });

  const page = async (query: Record<string, string>) => {
    const { metadata, items } = await api.sureGet(CONFIG_MAPS, query);
    const {
      continue: next = '',
      remainingItemCount,
      resourceVersion,
    } = metadata as typeof metadata & {
      continue?: string;
      remainingItemCount?: number;
    };
    return { names: items.map((item) => item.metadata.name), next, remainingItemCount, resourceVersion };
  };

  it('the pages of a list show one moment, whatever is written between them', async () => {
    const first = await page({ limit: '2' });
    expect(first).toMatchObject({ names: ['a', 'b'], remainingItemCount: 3 });
    await api.remove(`${CONFIG_MAPS}/c`);
    await api.surePost(CONFIG_MAPS, configMap('bb'));
    const second = await page({ limit: '2', continue: first.next });
    expect(second).toMatchObject({ names: ['c', 'd'], resourceVersion: first.resourceVersion });
    const third = await page({ limit: '2', continue: second.next });
    expect(third).toMatchObject({ names: ['e'], next: '', remainingItemCount: undefined });
  });

  it('a token is expired once the changes since then are forgotten', async () => {
    const { next } = await page({ limit: '2' });
    for (let index = 0; index < 20; index += 1) await api.surePost(CONFIG_MAPS, configMap(`x${index}`));
    const { status, failure } = await api.get(CONFIG_MAPS, { limit: '2', continue: next });
    expect([status, failure.reason]).toEqual([410, 'Expired']);
  });

  it.each<Record<string, string>>([
    { continue: 'nonsense' },
    { continue: Buffer.from('{}').toString('base64url') },
    { limit: 'many' },
  ])('%j is a bad request', async (query) => {
    expect((await api.get(CONFIG_MAPS, query)).status).toBe(400);
  });

  it('a version that is not reached yet is a timeout', async () => {
    const { status, failure } = await api.get(CONFIG_MAPS, { resourceVersion: '999' });
    expect([status, failure.reason]).toEqual([504, 'Timeout']);
  });
});

it('a missing object is not found, a list in a missing namespace is empty', async () => {
  const { get, names } = startApi();
  const { status, failure } = await get('/api/v1/namespaces/no/pods/web');
  expect([status, failure.message]).toEqual([404, 'pods "web" not found']);
  expect(await names('/api/v1/namespaces/no/pods')).toEqual([]);
});

it('a list of a built-in kind has a type, its items have none', async () => {
  const { surePost, sureGet } = startApi();
  await surePost(PODS, pod('web'));
  const list = await sureGet(PODS);
  expect(list).toMatchObject({ kind: 'PodList', apiVersion: 'v1' });
  expect(Object.keys(list.items[0] ?? {}).sort()).toEqual(['metadata', 'spec', 'status']);
});

it.each([
  ['PartialObjectMetadata', `${PODS}/web`, { kind: 'PartialObjectMetadata' }],
  ['PartialObjectMetadataList', PODS, { kind: 'PartialObjectMetadataList' }],
])('%s leaves everything but metadata out', async (as, path, expected) => {
  const { surePost, send } = startApi();
  const { metadata } = await surePost(PODS, pod('web'));
  const accept = `application/json;as=${as};g=meta.k8s.io;v=v1`;
  const { object } = await send({ method: 'GET', path, headers: { accept } });
  expect(object).toMatchObject({ ...expected, apiVersion: 'meta.k8s.io/v1' });
  const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
  expect(as === 'PartialObjectMetadata' ? object : object.items[0]).toEqual(partial);
});
