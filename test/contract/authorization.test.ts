import { expect } from 'vitest';
import type { Json } from './harness/api.ts';
import { contract } from './harness/contract.ts';
import { as, get, podsOf, request, send, TRUSTING, type Wanted } from './harness/users.ts';

const REFUSED: [what: string, wanted: Wanted, message: string, details: Json][] = [
  [
    'a list in a namespace',
    get('/api/v1/namespaces/default/pods'),
    'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"',
    { kind: 'pods' },
  ],
  [
    'a list of all namespaces',
    get('/api/v1/pods'),
    'pods is forbidden: User "bob" cannot list resource "pods" in API group "" at the cluster scope',
    { kind: 'pods' },
  ],
  [
    'an object that is not there',
    get('/api/v1/namespaces/default/pods/x'),
    'pods "x" is forbidden: User "bob" cannot get resource "pods" in API group "" in the namespace "default"',
    { name: 'x', kind: 'pods' },
  ],
  [
    'a list of the one object that a field selector names',
    get('/api/v1/namespaces/default/pods', { fieldSelector: 'metadata.name=x' }),
    'pods "x" is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "default"',
    { name: 'x', kind: 'pods' },
  ],
  [
    'a watch',
    get('/api/v1/namespaces/default/pods', { watch: 'true', timeoutSeconds: '1' }),
    'pods is forbidden: User "bob" cannot watch resource "pods" in API group "" in the namespace "default"',
    { kind: 'pods' },
  ],
  [
    'a subresource of another group',
    get('/apis/apps/v1/namespaces/default/deployments/x/status'),
    'deployments.apps "x" is forbidden: User "bob" cannot get resource "deployments/status" in API group "apps" in ' +
      'the namespace "default"',
    { name: 'x', group: 'apps', kind: 'deployments' },
  ],
  [
    'a group that nobody serves',
    get('/apis/nope.example.com/v1/things'),
    'things.nope.example.com is forbidden: User "bob" cannot list resource "things" in API group ' +
      '"nope.example.com" at the cluster scope',
    { group: 'nope.example.com', kind: 'things' },
  ],
  [
    'a create, whose name is not known yet',
    request('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'x' } }),
    'configmaps is forbidden: User "bob" cannot create resource "configmaps" in API group "" in the namespace ' +
      '"default"',
    { kind: 'configmaps' },
  ],
  [
    'a deletecollection',
    request('DELETE', '/api/v1/namespaces/default/configmaps'),
    'configmaps is forbidden: User "bob" cannot deletecollection resource "configmaps" in API group "" in the ' +
      'namespace "default"',
    { kind: 'configmaps' },
  ],
  [
    'a namespace, which counts as being in itself',
    get('/api/v1/namespaces/default'),
    'namespaces "default" is forbidden: User "bob" cannot get resource "namespaces" in API group "" in the ' +
      'namespace "default"',
    { name: 'default', kind: 'namespaces' },
  ],
  [
    'a command in a container',
    get('/api/v1/namespaces/default/pods/x/exec', { command: 'ls', stdout: 'true' }),
    'pods "x" is forbidden: User "bob" cannot get resource "pods/exec" in API group "" in the namespace "default"',
    { name: 'x', kind: 'pods' },
  ],
  [
    'a log',
    get('/api/v1/namespaces/default/pods/x/log'),
    'pods "x" is forbidden: User "bob" cannot get resource "pods/log" in API group "" in the namespace "default"',
    { name: 'x', kind: 'pods' },
  ],
  ['a path of no resource', get('/metrics'), 'forbidden: User "bob" cannot get path "/metrics"', {}],
];

for (const [what, wanted, message, details] of REFUSED)
  contract(`refuses who has no role: ${what}`, TRUSTING, async (api) => {
    const { status, object } = await send(api, as('bob'), wanted);
    expect(status).toBe(403);
    expect(object).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason: 'Forbidden',
      details,
      code: 403,
    });
  });

contract('lets everybody who is known read what is served', TRUSTING, async (api) => {
  for (const path of ['/api', '/apis', '/api/v1', '/version', '/openapi/v3'])
    expect([path, (await send(api, as('bob'), get(path))).status]).toEqual([path, 200]);
  expect((await send(api, as('system:anonymous'), get('/api'))).status).toBe(403);
});

const WHOAMI = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const KNOWN = 'system:authenticated';

for (const [who, groups] of [
  [as('bob'), [KNOWN]],
  [as('bob', 'team'), ['team', KNOWN]],
  [as('system:serviceaccount:ns:robot'), ['system:serviceaccounts', 'system:serviceaccounts:ns', KNOWN]],
] as const)
  contract(`takes a request for that of ${Object.values(who).join(' of ')}`, TRUSTING, async (api) => {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const { object } = await send(api, who, { method: 'POST', path: WHOAMI, body });
    expect(object.status).toEqual({ userInfo: { username: who['impersonate-user'], groups } });
  });

contract('takes no groups without a user', TRUSTING, async (api) => {
  expect((await send(api, { 'impersonate-group': 'team' }, podsOf('default'))).status).toBe(500);
});
