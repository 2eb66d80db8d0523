/** PUT, PATCH and POST: preconditions, no-op writes, dry runs, and what a Pod's spec may change to. */
import { expect } from 'vitest';
import type { Answer, Request } from './harness/api.ts';
import {
  type Api,
  configMap,
  configMapsIn,
  contract,
  freshNamespace,
  type PatchType,
  pod,
  podsIn,
} from './harness/contract.ts';
import { agrees, ignoresQuery } from './harness/wrong.ts';

const one = async (api: Api) => {
  const path = configMapsIn(await freshNamespace());
  const object = await api.surePost(path, configMap('a', { k: 'v' }));
  return { path: `${path}/a`, object };
};

contract('a PUT with another uid is a conflict', agrees('writes to the successor'), async (api) => {
  const { path } = await one(api);
  const { status, failure } = await api.put(path, configMap('a', {}, { uid: 'another' }));
  expect([status, failure.reason]).toEqual([409, 'Conflict']);
  expect(failure.message).toContain(
    'Precondition failed: UID in precondition: another, UID in object meta: ',
  );
});

for (const type of ['merge', 'strategic'] as const)
  contract(`a ${type} patch keeps its preconditions`, agrees('writes anyway'), async (api) => {
    const { path } = await one(api);
    const stale = await api.patch(type, path, { metadata: { resourceVersion: '1' }, data: { k: 'w' } });
    expect([stale.status, stale.failure.reason]).toEqual([409, 'Conflict']);
    const other = await api.patch(type, path, { metadata: { uid: 'another' }, data: { k: 'w' } });
    expect([other.status, other.failure.message]).toEqual([
      422,
      'ConfigMap "a" is invalid: metadata.uid: Invalid value: "another": field is immutable',
    ]);
    expect((await api.sureGet(path)).data).toEqual({ k: 'v' });
  });

const NO_OPS: [PatchType, unknown][] = [
  ['json', []],
  ['merge', { data: { k: 'v' } }],
  ['strategic', { metadata: { labels: {} } }],
];

for (const [type, patch] of NO_OPS)
  contract(
    `a ${type} patch that changes nothing keeps the resourceVersion`,
    {
      behaviour: 'counts every write',
      answer: (answer, { method }) => {
        if (method !== 'PATCH') return answer;
        const metadata = { ...answer.object.metadata, resourceVersion: '9' };
        return { ...answer, object: { ...answer.object, metadata } };
      },
    },
    async (api) => {
      const { path, object } = await one(api);
      const { object: after } = await api.patch(type, path, patch);
      expect(after.metadata.resourceVersion).toBe(object.metadata.resourceVersion);
    },
  );

const JSON_PATCHES: [string, unknown, number][] = [
  ['a test that fails', [{ op: 'test', path: '/data/k', value: 'w' }], 422],
  ['the removal of what is not there', [{ op: 'remove', path: '/data/none' }], 422],
  ['an unknown operation', [{ op: 'set', path: '/data/k', value: 'w' }], 422],
  ['a parent that is not there', [{ op: 'add', path: '/none/k', value: 'w' }], 422],
  ['no list', {}, 400],
];

for (const [name, patch, code] of JSON_PATCHES)
  contract(`a JSON patch with ${name} is a ${code} and changes nothing`, agrees('takes it'), async (api) => {
    const { path } = await one(api);
    const { status, failure } = await api.patch('json', path, patch);
    expect([status, failure.status]).toEqual([code, 'Failure']);
    if (code === 422) {
      const message = 'the server rejected our request due to an error in our request';
      expect(failure).toMatchObject({ reason: 'Invalid', message, details: {} });
    }
    expect((await api.sureGet(path)).data).toEqual({ k: 'v' });
  });

const strict = {
  behaviour: 'keeps to the RFC',
  answer: (answer: Answer, { method }: Request) => (method === 'PATCH' ? { ...answer, status: 422 } : answer),
};

contract('a JSON patch may replace a key that is not there', strict, async (api) => {
  const { path } = await one(api);
  const operations = [
    { op: 'test', path: '/data/n', value: null },
    { op: 'replace', path: '/data/n', value: '1' },
  ];
  const { status, object } = await api.patch('json', path, operations);
  expect([status, object.data]).toEqual([200, { k: 'v', n: '1' }]);
});

contract('dryRun=All leaves nothing', ignoresQuery('writes in earnest', 'dryRun'), async (api) => {
  const { path } = await one(api);
  await api.patch('merge', path, { data: { k: 'w' } }, { dryRun: 'All' });
  expect((await api.sureGet(path)).data).toEqual({ k: 'v' });
});

const REFUSED: [string, object, string][] = [
  [
    'an env',
    { containers: [{ name: 'main', env: [{ name: 'A', value: '1' }] }] },
    'spec: Forbidden: pod updates',
  ],
  [
    'one container more',
    { containers: [{ name: 'more', image: 'i' }] },
    'spec.containers: Forbidden: pod updates',
  ],
  ['the node', { nodeName: 'n' }, 'spec: Forbidden: pod updates'],
  ['no toleration', { tolerations: null }, 'spec.tolerations: Forbidden: existing toleration'],
  [
    'a later deadline',
    { activeDeadlineSeconds: 900 },
    'spec.activeDeadlineSeconds: Invalid value: 900: must be less',
  ],
];

const running = async (api: Api) => {
  const path = podsIn(await freshNamespace());
  const tolerations = [{ key: 'a', operator: 'Exists', effect: 'NoSchedule' }];
  await api.surePost(path, pod('a', { spec: { tolerations, activeDeadlineSeconds: 600 } }));
  return `${path}/a`;
};

for (const [name, spec, why] of REFUSED)
  contract(`an update of a Pod with ${name} is a 422`, agrees('takes it'), async (api) => {
    const { status, failure } = await api.patch('strategic', await running(api), { spec });
    expect([status, failure.reason]).toEqual([422, 'Invalid']);
    expect(failure.message).toContain(`Pod "a" is invalid: ${why}`);
  });

contract(
  'an image and an earlier deadline of a Pod may change, and count as a generation',
  {
    behaviour: 'forgets the patch',
    request: (request) => (request.method === 'PATCH' ? { ...request, body: {} } : request),
  },
  async (api) => {
    const spec = { containers: [{ name: 'main', image: 'nginx:2' }], activeDeadlineSeconds: 60 };
    const { object } = await api.patch('strategic', await running(api), { spec });
    expect(object).toMatchObject({ metadata: { generation: 2 }, spec: { activeDeadlineSeconds: 60 } });
  },
);
