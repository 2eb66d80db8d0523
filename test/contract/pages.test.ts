/** Lists in pages: `limit` and `continue`. */
import { expect } from 'vitest';
import { configMap, configMapsIn, contract, freshNamespace } from './harness/contract.ts';
import { agrees, answersWith, ignoresQuery, refusesWith } from './harness/wrong.ts';

interface Page {
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: { metadata: { name: string } }[];
}

const names = (page: Page) => page.items.map(({ metadata }) => metadata.name);

/** Not the ConfigMap that a controller puts into every namespace. */
const OURS = { labelSelector: 'case=pages' };

const filled = async (api: { surePost(path: string, body: unknown): Promise<unknown> }) => {
  const path = configMapsIn(await freshNamespace());
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    await api.surePost(path, configMap(name, {}, { labels: { case: 'pages' } }));
  return path;
};

contract(
  'pages show one moment: what is created between them is not on a later page, and the version stays',
  {
    behaviour: 'reads each page anew',
    request: (request) => {
      const { continue: next, ...query } = request.query;
      return next ? { ...request, query } : request;
    },
  },
  async (api) => {
    const path = await filled(api);
    const page = (query: object) =>
      api.sureGet(path, { ...OURS, limit: '2', ...query }) as unknown as Promise<Page>;
    const first = await page({});
    await api.surePost(path, configMap('ca', {}, { labels: { case: 'pages' } }));
    const second = await page({ continue: first.metadata.continue });
    const third = await page({ continue: second.metadata.continue });
    expect([first, second, third].map(names)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(third.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(third.metadata.continue).toBeUndefined();
  },
);

contract(
  'remainingItemCount is what is left, and is left out where a selector is given',
  answersWith('counts the page too', ({ metadata }) => {
    const { remainingItemCount } = metadata as Page['metadata'];
    Object.assign(metadata as object, { remainingItemCount: (remainingItemCount ?? 0) + 2 });
  }),
  async (api) => {
    const path = await filled(api);
    const all = (await api.sureGet(path)) as unknown as Page;
    const plain = (await api.sureGet(path, { limit: '2' })) as unknown as Page;
    expect(plain.metadata.remainingItemCount).toBe(all.items.length - 2);
    const selected = (await api.sureGet(path, { ...OURS, limit: '2' })) as unknown as Page;
    expect(selected.metadata.continue).toBeTruthy();
    expect(selected.metadata.remainingItemCount).toBeUndefined();
  },
);

contract(
  'a limit is not applied to resourceVersion 0, which is served from memory',
  ignoresQuery('reads version 0 as the newest', 'resourceVersion'),
  async (api) => {
    const path = await filled(api);
    const page = (await api.sureGet(path, { ...OURS, limit: '2', resourceVersion: '0' })) as unknown as Page;
    expect(names(page).length).toBe(5);
    expect(page.metadata.continue).toBeUndefined();
  },
);

contract('a garbled continue token is a 400', ignoresQuery('starts anew', 'continue'), async (api) => {
  const path = await filled(api);
  const { status, failure } = await api.get(path, { limit: '2', continue: 'garbled' });
  expect([status, failure.reason]).toEqual([400, 'BadRequest']);
  expect(failure.message).toMatch(/^invalid continue token: continue key is not valid: /);
});

contract(
  'a token goes with no resourceVersion of its own',
  ignoresQuery('ignores it', 'resourceVersion'),
  async (api) => {
    const path = await filled(api);
    const first = (await api.sureGet(path, { limit: '2' })) as unknown as Page;
    const { metadata } = first;
    const query = {
      limit: '2',
      continue: metadata.continue ?? '',
      resourceVersion: metadata.resourceVersion,
    };
    const { status, failure } = await api.get(path, query);
    expect([status, failure.message]).toEqual([
      400,
      'specifying resource version is not allowed when using continue',
    ]);
  },
);

contract(
  'a token of a version that is not reached yet is a 504',
  agrees('answers with what it has'),
  async (api) => {
    const path = await filled(api);
    const token = { v: 'meta.k8s.io/v1', rv: 1_000_000_000, start: 'a\u0000' };
    const text = Buffer.from(JSON.stringify(token)).toString('base64url');
    const { status, failure } = await api.get(path, { limit: '2', continue: text });
    expect([status, failure.reason]).toEqual([504, 'Timeout']);
  },
);

contract(
  'a limit that is no number is a 400',
  refusesWith('says it in other words', { message: 'limit is wrong' }),
  async (api) => {
    const path = await filled(api);
    const { status, failure } = await api.get(path, { limit: 'many' });
    expect([status, failure.message]).toEqual([400, 'strconv.ParseInt: parsing "many": invalid syntax']);
  },
);
