import { expect } from 'vitest';
import { type Api, contract, freshNamespace, pod, podsIn, type Sabotage } from './harness/contract.ts';
import { ALLOWED, entry, register, ruleFor } from './harness/hooks.ts';

const eviction = (name: string, more: object = {}) => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { name },
  ...more,
});

/** A Pod on a node that nobody plays: deleted, it stays until somebody forces it. */
const onNode = async (api: Api) => {
  const namespace = await freshNamespace();
  const path = podsIn(namespace);
  await api.surePost(path, pod('web', { spec: { nodeName: 'nowhere', terminationGracePeriodSeconds: 9 } }));
  return {
    namespace,
    path,
    web: `${path}/web`,
    force: () => api.remove(`${path}/web`, { gracePeriodSeconds: 0 }),
  };
};

const asDelete: Sabotage = {
  behaviour: 'deletes at once',
  request: (request) =>
    request.path.endsWith('/eviction')
      ? { ...request, body: { ...(request.body as object), deleteOptions: { gracePeriodSeconds: 0 } } }
      : request,
};

contract('an evicted Pod says why, and goes as by a graceful deletion', asDelete, async (api) => {
  const { web, force } = await onNode(api);
  const { status, object } = await api.post(`${web}/eviction`, eviction('web'));
  expect([status, object]).toEqual([
    201,
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
  ]);
  const { status: code, object: left } = await api.get(web);
  expect(code).toBe(200);
  expect(left.metadata).toMatchObject({
    deletionTimestamp: expect.any(String),
    deletionGracePeriodSeconds: 9,
    generation: 2,
  });
  expect(left.status).toMatchObject({
    conditions: [
      {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'EvictionByEvictionAPI',
        message: 'Eviction API: evicting',
      },
    ],
  });
  expect((await api.post(`${web}/eviction`, eviction('web'))).status).toBe(201);
  await force();
});

contract(
  'an eviction is reviewed as the creation of an Eviction, and the deletion is not reviewed',
  {
    behaviour: 'reviews a DELETE in its place',
    review: (review) => ({ ...review, request: { ...review.request, operation: 'DELETE' } }),
  },
  async (api) => {
    const { namespace, web, force } = await onNode(api);
    const [mutating, validating] = [await api.webhook(() => ALLOWED), await api.webhook(() => ALLOWED)];
    await register(api, { kind: 'Mutating', namespace }, [entry(mutating, namespace)]);
    await register(api, { kind: 'Validating', namespace }, [entry(validating, namespace)]);
    await api.post(`${web}/eviction`, eviction('web', { deleteOptions: { gracePeriodSeconds: 5 } }));
    for (const { reviews } of [mutating, validating])
      expect(reviews.map(({ request }) => request)).toMatchObject([
        {
          kind: { group: 'policy', version: 'v1', kind: 'Eviction' },
          resource: { group: '', version: 'v1', resource: 'pods' },
          subResource: 'eviction',
          name: 'web',
          namespace,
          operation: 'CREATE',
          object: {
            apiVersion: 'policy/v1',
            kind: 'Eviction',
            metadata: { name: 'web', namespace },
            deleteOptions: { gracePeriodSeconds: 5 },
          },
          oldObject: null,
          dryRun: false,
          options: { kind: 'CreateOptions' },
        },
      ]);
    expect((await api.sureGet(web)).metadata.deletionGracePeriodSeconds).toBe(5);
    await force();
  },
);

contract('an eviction can be denied', { behaviour: 'asks nobody', verdict: () => ALLOWED }, async (api) => {
  const { namespace, web, force } = await onNode(api);
  const webhook = await api.webhook(() => ({ allowed: false, status: { code: 429, message: 'not now' } }));
  await register(api, { kind: 'Validating', namespace }, [
    entry(webhook, namespace, { failurePolicy: 'Ignore', rules: [ruleFor(['pods/eviction'])] }),
  ]);
  expect((await api.post(`${web}/eviction`, eviction('web'))).failure).toMatchObject({
    code: 429,
    message: 'admission webhook "first.example.com" denied the request: not now',
  });
  expect((await api.sureGet(web)).metadata).not.toHaveProperty('deletionTimestamp');
  await force();
});

contract(
  'a Pod that nobody runs is gone at once',
  {
    behaviour: 'keeps it',
    answer: (answer, { method, path }) =>
      method === 'GET' && path.endsWith('/pending') ? { ...answer, status: 200 } : answer,
  },
  async (api) => {
    const path = podsIn(await freshNamespace());
    await api.surePost(path, pod('pending'));
    expect((await api.post(`${path}/pending/eviction`, eviction('pending'))).status).toBe(201);
    expect((await api.get(`${path}/pending`)).status).toBe(404);
  },
);

contract(
  'a dry run of an eviction, in the query or in its options, evicts nobody',
  {
    behaviour: 'evicts',
    request: (request) =>
      request.path.endsWith('/eviction') ? { ...request, query: {}, body: eviction('web') } : request,
  },
  async (api) => {
    const { web, force } = await onNode(api);
    expect((await api.post(`${web}/eviction`, eviction('web'), { dryRun: 'All' })).status).toBe(201);
    const dry = eviction('web', { deleteOptions: { dryRun: ['All'] } });
    expect((await api.post(`${web}/eviction`, dry)).status).toBe(201);
    const left = await api.sureGet(web);
    expect(left.metadata).not.toHaveProperty('deletionTimestamp');
    expect(left.status).not.toHaveProperty('conditions');
    await force();
  },
);

contract(
  'an eviction that fits no Pod is refused',
  {
    behaviour: 'takes it',
    answer: (answer, { path }) => (path.endsWith('/eviction') ? { ...answer, status: 201 } : answer),
  },
  async (api) => {
    const { path, web, force } = await onNode(api);
    const refused = async (at: string, body: object) => {
      const { status, failure } = await api.post(`${at}/eviction`, body);
      return [status, failure.message];
    };
    expect(await refused(`${path}/nope`, eviction('nope'))).toEqual([404, 'pods "nope" not found']);
    expect(await refused(web, eviction('other'))).toEqual([
      400,
      'name in URL does not match name in Eviction object',
    ]);
    expect(await refused(web, { ...eviction('web'), metadata: {} })).toEqual([
      400,
      'name in URL does not match name in Eviction object',
    ]);
    expect(
      await refused(web, { ...eviction('web'), metadata: { name: 'web', namespace: 'default' } }),
    ).toEqual([400, 'the namespace of the provided object does not match the namespace sent on the request']);
    expect((await refused(web, { ...pod('web') }))[0]).toBe(400);
    expect((await api.get(`${web}/eviction`)).status).toBe(405);
    expect((await api.sureGet(web)).metadata).not.toHaveProperty('deletionTimestamp');
    await force();
  },
);

/** An eviction whose preconditions are lost on the way. */
const unconditional: Sabotage = {
  behaviour: 'does not look at the preconditions',
  request: (request) =>
    request.path.endsWith('/eviction') ? { ...request, body: eviction('web') } : request,
};

contract('an eviction is about the Pod that was seen', unconditional, async (api) => {
  const { web, force } = await onNode(api);
  const evict = (preconditions: object) =>
    api.post(`${web}/eviction`, eviction('web', { deleteOptions: { preconditions } }));
  const { uid, resourceVersion } = (await api.sureGet(web)).metadata;
  const reason = (what: string, asked: string, found: string | undefined, end: string) =>
    `Operation cannot be fulfilled on Pod "web": the ${what} in the precondition (${asked}) does not match the ` +
    `${what} in record (${found}). The object might have been ${end}`;
  for (const [preconditions, message] of [
    [{ uid: 'other', resourceVersion }, reason('UID', 'other', uid, 'deleted and then recreated')],
    [{ uid, resourceVersion: '1' }, reason('ResourceVersion', '1', resourceVersion, 'modified')],
  ] as const)
    expect((await evict(preconditions)).failure).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message,
      details: { name: 'web', kind: 'Pod' },
    });
  const left = await api.sureGet(web);
  expect(left.metadata).toMatchObject({ uid, resourceVersion });
  expect(left.metadata).not.toHaveProperty('deletionTimestamp');
  expect((await evict({ uid, resourceVersion })).status).toBe(201);
  expect((await api.sureGet(web)).metadata).toHaveProperty('deletionTimestamp');
  await force();
});
