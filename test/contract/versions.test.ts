/** `resourceVersion` and `resourceVersionMatch` of reads. */
import { expect } from 'vitest';
import { type Api, configMap, configMapsIn, contract, freshNamespace } from './harness/contract.ts';
import { agrees, answersWith, ignoresQuery, refusesWith } from './harness/wrong.ts';

const MINE = { labelSelector: 'case' };

const twoStates = async (api: Api) => {
  const path = configMapsIn(await freshNamespace());
  await api.surePost(path, configMap('a', { n: '1' }, { labels: { case: '' } }));
  const before = await api.sureGet(path, MINE);
  await api.surePost(path, configMap('b', {}, { labels: { case: '' } }));
  return { path, version: before.metadata.resourceVersion ?? '' };
};

const NAMES: [string, object, string[]][] = [
  ['NotOlderThan shows the newest', { resourceVersionMatch: 'NotOlderThan' }, ['a', 'b']],
  ['Exact shows that moment', { resourceVersionMatch: 'Exact' }, ['a']],
  ['without a match it is a lower bound', {}, ['a', 'b']],
  ['with a limit it is exact', { limit: '5' }, ['a']],
];

for (const [name, query, expected] of NAMES)
  contract(
    `a version on a list: ${name}`,
    answersWith('shows another moment', (list) => {
      if (!Array.isArray(list['items'])) return;
      list['items'] = list['items'].length === 1 ? [...list['items'], ...list['items']] : [];
    }),
    async (api) => {
      const { path, version } = await twoStates(api);
      const { items } = await api.sureGet(path, { ...MINE, resourceVersion: version, ...query });
      expect(items.map(({ metadata }) => metadata.name)).toEqual(expected);
    },
  );

const MATCH = 'resourceVersionMatch';
const forbidden = (message: string, field = MATCH) => ({
  field,
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${message}`,
});

const REFUSED: [string, Record<string, string>, { field: string; reason: string; message: string }][] = [
  [
    'a match without a version',
    { [MATCH]: 'Exact' },
    forbidden('resourceVersionMatch is forbidden unless resourceVersion is provided'),
  ],
  [
    'an exact match of version 0',
    { [MATCH]: 'Exact', resourceVersion: '0' },
    forbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"'),
  ],
  [
    'an unknown match',
    { [MATCH]: 'Newest', resourceVersion: '1' },
    {
      field: MATCH,
      reason: 'FieldValueNotSupported',
      message: 'Unsupported value: "Newest": supported values: "Exact", "NotOlderThan", ""',
    },
  ],
  [
    'sendInitialEvents',
    { sendInitialEvents: 'true' },
    forbidden('sendInitialEvents is forbidden for list', 'sendInitialEvents'),
  ],
];

for (const [name, query, cause] of REFUSED)
  contract(`a list refuses ${name}`, ignoresQuery('ignores it', ...Object.keys(query)), async (api) => {
    const { status, failure } = await api.get(configMapsIn(await freshNamespace()), query);
    expect(status).toBe(422);
    expect(failure).toMatchObject({
      reason: 'Invalid',
      message: `ListOptions.meta.k8s.io "" is invalid: ${cause.field}: ${cause.message}`,
      details: { group: 'meta.k8s.io', kind: 'ListOptions', causes: [cause] },
    });
  });

contract(
  'a list of a version that is not reached is a 504 which says when to come back',
  agrees('answers with what it has'),
  async (api) => {
    const { status, failure } = await api.get(configMapsIn(await freshNamespace()), {
      resourceVersion: '1000000000',
    });
    expect(status).toBe(504);
    expect(failure).toMatchObject({
      reason: 'Timeout',
      details: {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    });
    expect(failure.message).toMatch(/^Timeout: Too large resource version: 1000000000, current: \d+$/);
  },
);

contract(
  'a list by a version that is no number is a 400',
  refusesWith('calls it a fault of its own', { code: 500 }),
  async (api) => {
    const { status, failure } = await api.get(configMapsIn(await freshNamespace()), {
      resourceVersion: 'new',
    });
    expect([status, failure.message]).toEqual([
      400,
      'invalid resource version: resourceVersion: Invalid value: "new": strconv.ParseUint: parsing "new": invalid syntax',
    ]);
  },
);

contract(
  'an object is read at a version or later, and a version that is not reached is a 504',
  ignoresQuery('ignores the version', 'resourceVersion'),
  async (api) => {
    const { path, version } = await twoStates(api);
    expect((await api.sureGet(`${path}/a`, { resourceVersion: version })).data).toEqual({ n: '1' });
    expect((await api.get(`${path}/a`, { resourceVersion: '1000000000' })).status).toBe(504);
  },
);
