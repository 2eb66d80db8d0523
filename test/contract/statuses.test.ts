/** Status bodies of refusals, and the forms in which objects are answered. */
import { expect } from 'vitest';
import type { Json } from './harness/api.ts';
import { configMap, configMapsIn, contract, freshNamespace, pod, podsIn } from './harness/contract.ts';
import { agrees, answersWith } from './harness/wrong.ts';

const NOWHERE = 'the server could not find the requested resource';
const NO_METHOD = 'the server does not allow this method on the requested resource';

const REFUSED: [string, 'GET' | 'PUT' | 'POST' | 'DELETE', string, Json][] = [
  [
    'an object that is not there',
    'GET',
    '/apis/batch/v1/namespaces/default/jobs/none',
    {
      code: 404,
      reason: 'NotFound',
      message: 'jobs.batch "none" not found',
      details: { name: 'none', group: 'batch', kind: 'jobs' },
    },
  ],
  [
    'a resource that is not there',
    'GET',
    '/api/v1/things',
    { code: 404, reason: 'NotFound', message: NOWHERE },
  ],
  [
    'a PUT of a collection',
    'PUT',
    '/api/v1/namespaces/default/configmaps',
    { code: 405, reason: 'MethodNotAllowed', message: NO_METHOD },
  ],
  [
    'a deletecollection in all namespaces',
    'DELETE',
    '/api/v1/configmaps',
    { code: 405, reason: 'MethodNotAllowed', message: NO_METHOD },
  ],
];

for (const [name, method, path, expected] of REFUSED)
  contract(`${name} is a ${expected['code']} with its Status`, agrees('agrees'), async (api) => {
    const { status, failure } = await api.send({ method, path, query: {}, headers: {} });
    expect([status, failure]).toEqual([
      expected['code'],
      { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', details: {}, ...expected },
    ]);
  });

contract('a token that nobody has is a 401', agrees('lets anybody in'), async (api) => {
  const headers = { authorization: 'Bearer nobody' };
  const { status, failure } = await api.get('/api/v1/pods', {}, headers);
  expect([status, failure.reason, failure.message]).toEqual([401, 'Unauthorized', 'Unauthorized']);
});

contract('a name that is taken is a 409 AlreadyExists', agrees('overwrites'), async (api) => {
  const path = configMapsIn(await freshNamespace());
  await api.surePost(path, configMap('a'));
  const { status, failure } = await api.post(path, configMap('a'));
  expect(failure).toMatchObject({
    reason: 'AlreadyExists',
    message: 'configmaps "a" already exists',
    details: { name: 'a', kind: 'configmaps' },
  });
  expect(status).toBe(409);
});

const FORMS: [string, string, string][] = [
  ['text/html', 'a', '406: Not Acceptable'],
  ['application/json;as=Thing;g=meta.k8s.io;v=v1', 'a', 'only the following media types are accepted'],
  ['application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1', '', 'the requested object is a list'],
  ['application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1', 'a', 'is not a list (*core.Pod)'],
];

for (const [accept, name, message] of FORMS)
  contract(`${name ? 'an object' : 'a list'} as ${accept} is a 406`, agrees('sends JSON'), async (api) => {
    const path = podsIn(await freshNamespace());
    await api.surePost(path, pod('a'));
    const { status, failure } = await api.get(name ? `${path}/a` : path, {}, { accept });
    expect([status, failure.reason]).toEqual([406, 'NotAcceptable']);
    expect(failure.message).toContain(message);
  });

contract(
  'metadata only: the list and its items hold nothing else',
  answersWith('sends it all', (body) => {
    if (Array.isArray(body['items'])) body['items'] = body['items'].map((item) => ({ ...item, spec: {} }));
  }),
  async (api) => {
    const path = podsIn(await freshNamespace());
    await api.surePost(path, pod('a'));
    const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
    const { object } = await api.get(path, {}, { accept });
    expect([object.kind, object.apiVersion]).toEqual(['PartialObjectMetadataList', 'meta.k8s.io/v1']);
    expect(object.items.map((item) => Object.keys(item).sort())).toEqual([
      ['apiVersion', 'kind', 'metadata'],
    ]);
  },
);
