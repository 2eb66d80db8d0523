import { describe, expect, it } from 'vitest';
import {
  CONFIG_MAPS,
  DEFINITIONS,
  definition,
  MUTATING,
  PODS,
  pod,
  SETS,
  startApi,
  VALIDATING,
  webhook,
} from './api.ts';

describe('paths', () => {
  it.each([
    ['/api/v1/gadgets', 404],
    ['/apis/apps/v9/deployments', 404],
    ['/version', 404],
    ['/api/v1/pods/web', 404],
    ['/api/v1/namespaces/default/nodes', 404],
    [`${PODS}/web/gadget`, 404],
    ['/api/v1/namespaces/default/configmaps/a/status', 404],
    [`${PODS}/%E0%A4%A`, 400],
  ])('%s answers %i', async (path, code) => {
    const { status, failure } = await startApi().get(path);
    expect([status, failure.kind, failure.code]).toEqual([code, 'Status', code]);
    if (code === 404) expect(failure.message).toBe('the server could not find the requested resource');
  });

  it.each([
    `${PODS}/web/attach`,
    `${PODS}/web/exec`,
    `${PODS}/web/log`,
    `${PODS}/web/portforward`,
    `${PODS}/web/proxy/index.html`,
    '/apis/apps/v1/namespaces/default/deployments/w/scale',
    '/api/v1/namespaces/default/finalize',
    '/api/v1/namespaces/default/serviceaccounts/default/token',
    `${SETS}/s/scale`,
  ])('%s is known, not done, and named', async (path) => {
    const { surePost, get } = startApi();
    await surePost(DEFINITIONS, definition());
    await surePost(PODS, pod('web'));
    const { status, failure } = await get(path);
    expect([status, failure.reason]).toEqual([501, 'NotImplemented']);
    const [, part] = /^the subresource \w+\/(\w+) /.exec(failure.message ?? '') ?? [];
    expect(path.split('/')).toContain(part);
  });

  it.each([
    ['PUT', PODS],
    ['PATCH', PODS],
    ['POST', `${PODS}/web`],
    ['DELETE', `${PODS}/web/status`],
    ['POST', `${PODS}/web/status`],
    ['GET', `${PODS}/web/binding`],
    ['DELETE', '/api/v1/pods'],
    ['DELETE', '/api/v1/namespaces'],
  ] as const)('%s %s is not allowed', async (method, path) => {
    const { surePost, send } = startApi();
    await surePost(PODS, pod('web'));
    const { status, failure } = await send({ method, path, body: {} });
    expect([status, failure.reason]).toEqual([405, 'MethodNotAllowed']);
  });
});

describe('webhook configurations', () => {
  it.each<[string, Record<string, unknown>, number, string]>([
    [
      'a matchCondition that asks for rights',
      { matchConditions: [{ name: 'a', expression: 'authorizer.path("/x").check("get").allowed()' }] },
      501,
      'the function authorizer of CEL is not supported by the embedded API server',
    ],
    [
      'a matchCondition with a function that is not done',
      { matchConditions: [{ name: 'a', expression: 'object.a.find("^a$") == "a"' }] },
      501,
      'the function find of CEL is not supported by the embedded API server',
    ],
    [
      'a matchCondition over keys and values',
      { matchConditions: [{ name: 'a', expression: 'object.all(k, v, v == 1)' }] },
      501,
      'the function all (of two variables) of CEL is not supported by the embedded API server',
    ],
    [
      'a service',
      { clientConfig: { service: { name: 'a', namespace: 'b' } } },
      501,
      'clientConfig.service is not supported',
    ],
    ['reviews in v1beta1 alone', { admissionReviewVersions: ['v1beta1'] }, 501, 'without v1'],
    ['no URL', { clientConfig: {} }, 422, 'clientConfig.url: Required value'],
    ['a URL that is none', { clientConfig: { url: 'nowhere' } }, 422, 'url must be a valid URL'],
    ['a URL with a query', { clientConfig: { url: 'https://a/b?c=d' } }, 422, 'query parameters'],
    ['a name without dots or letters', { name: '-' }, 422, 'webhooks[0].name'],
    ['side effects that a dry run would have', { sideEffects: 'Some' }, 422, 'Unsupported value: "Some"'],
    ['no word on side effects', { sideEffects: undefined }, 422, 'sideEffects: Required value'],
    ['an unknown failurePolicy', { failurePolicy: 'Maybe' }, 422, 'failurePolicy'],
    ['a timeout of an hour', { timeoutSeconds: 3600 }, 422, 'between 1 and 30 seconds'],
    [
      'an unknown operation',
      { rules: [{ operations: ['READ'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }] },
      422,
      'operations[0]',
    ],
    [
      'a rule without resources',
      { rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'] }] },
      422,
      'rules[0].resources: Required value',
    ],
  ])('with %s are refused', async (_, more, code, message) => {
    for (const path of [MUTATING, VALIDATING]) {
      const { status, failure } = await startApi().post(path, webhook('hook', more));
      expect(status).toBe(code);
      expect(failure.message).toContain(message);
    }
  });

  it('get their defaults', async () => {
    const { webhooks } = (await startApi().surePost(MUTATING, webhook('hook'))) as unknown as {
      webhooks: unknown[];
    };
    expect(webhooks).toEqual([
      expect.objectContaining({
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        timeoutSeconds: 10,
        reinvocationPolicy: 'Never',
        namespaceSelector: {},
        objectSelector: {},
      }),
    ]);
  });

  it('MutatingAdmissionPolicies are unknown', async () => {
    const path = '/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicies';
    expect((await startApi().post(path, {})).status).toBe(404);
  });
});

it('a fault of the server itself is a 500 with its text', async () => {
  const { post } = startApi();
  const cyclic: Record<string, unknown> = {};
  cyclic['self'] = cyclic;
  const { status, failure } = await post(CONFIG_MAPS, cyclic);
  expect([status, failure.reason]).toEqual([500, 'InternalError']);
  expect(failure.message).toContain('call stack');
});
