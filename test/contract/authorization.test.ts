import { expect } from 'vitest';
import { type Answer, type Json, type Request, removeAtEnd, server } from './harness/api.ts';
import {
  type Api,
  contract,
  eventually,
  freshName,
  freshNamespace,
  type Sabotage,
} from './harness/contract.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** The administrator is who sends: without these headers nothing is refused. */
const TRUSTING: Sabotage = {
  behaviour: 'takes everybody for the administrator',
  request: (request) => ({
    ...request,
    headers: Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !name.startsWith('impersonate-')),
    ),
  }),
};

type Who = Record<string, string>;
type Wanted = Pick<Request, 'method' | 'path'> & Partial<Request>;

const as = (username: string, group?: string): Who => ({
  'impersonate-user': username,
  ...(group !== undefined && { 'impersonate-group': group }),
});

const send = (api: Api, who: Who, wanted: Wanted): Promise<Answer> =>
  api.send({ query: {}, ...wanted, headers: who });

const get = (path: string, query: Record<string, string> = {}): Wanted => ({ method: 'GET', path, query });
const request = (method: Request['method'], path: string, body?: unknown): Wanted => ({ method, path, body });

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

/** On a real API server roles hold some moments after they were written. */
const soon = async (look: () => Promise<boolean>): Promise<void> => {
  if (server.kind === 'real') await eventually(look);
  expect(await look()).toBe(true);
};

/** Creates it; it goes with the test. */
const create = async (api: Api, plural: string, name: string, content: Json, namespace?: string) => {
  const collection = `${RBAC}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`;
  await api.surePost(collection, { metadata: { name }, ...content });
  removeAtEnd(`${collection}/${name}`);
};

interface Grant {
  rules: Json[];
  subject: (namespace: string, name: string) => Json;
  /** A Role in the namespace, a ClusterRole bound there, or one that is bound everywhere. */
  by: 'Role' | 'ClusterRole in the namespace' | 'ClusterRole';
}

const grant = async (api: Api, namespace: string, name: string, { rules, subject, by }: Grant) => {
  const kind = by === 'Role' ? 'Role' : 'ClusterRole';
  const place = by === 'ClusterRole' ? undefined : namespace;
  await create(
    api,
    kind === 'Role' ? 'roles' : 'clusterroles',
    name,
    { rules },
    kind === 'Role' ? place : undefined,
  );
  const binding = { roleRef: { kind, name }, subjects: [subject(namespace, name)] };
  await create(api, place === undefined ? 'clusterrolebindings' : 'rolebindings', name, binding, place);
};

const readPods = { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] };
const user = (_: string, name: string): Json => ({ kind: 'User', name });
const pods = (namespace: string, rest = ''): Wanted => get(`/api/v1/namespaces/${namespace}/pods${rest}`);

interface Row extends Grant {
  name: string;
  who?: (namespace: string, name: string) => Who;
  allowed: (namespace: string) => Wanted[];
  refused: (namespace: string) => Wanted[];
}

const ROWS: Row[] = [
  {
    name: 'a Role, in its namespace and with its verbs only',
    by: 'Role',
    rules: [readPods],
    subject: user,
    allowed: (namespace) => [pods(namespace), pods(namespace, '/x')],
    refused: (namespace) => [
      pods('default'),
      get('/api/v1/pods'),
      pods(namespace, '/x/status'),
      get(`/api/v1/namespaces/${namespace}/configmaps`),
      request('DELETE', `/api/v1/namespaces/${namespace}/pods/x`),
      request('DELETE', `/api/v1/namespaces/${namespace}/pods`),
    ],
  },
  {
    name: 'a ClusterRole that is bound in a namespace, there only',
    by: 'ClusterRole in the namespace',
    rules: [readPods],
    subject: user,
    allowed: (namespace) => [pods(namespace)],
    refused: () => [pods('default'), get('/api/v1/pods')],
  },
  {
    name: 'a ClusterRole that is bound for all namespaces',
    by: 'ClusterRole',
    rules: [readPods, { verbs: ['get'], nonResourceURLs: ['/metrics', '/logs/*'] }],
    subject: user,
    allowed: (namespace) => [pods(namespace), pods('default'), get('/api/v1/pods'), get('/logs/nothing')],
    refused: () => [get('/api/v1/nodes'), get('/logs')],
  },
  {
    name: 'the name of a resource, but not the list of all',
    by: 'Role',
    rules: [{ ...readPods, resourceNames: ['x'] }],
    subject: user,
    allowed: (namespace) => [
      pods(namespace, '/x'),
      { ...pods(namespace), query: { fieldSelector: 'metadata.name=x' } },
    ],
    refused: (namespace) => [
      pods(namespace, '/y'),
      pods(namespace),
      { ...pods(namespace), query: { fieldSelector: 'metadata.name=y' } },
    ],
  },
  {
    name: 'a subresource without its resource',
    by: 'Role',
    rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods/status'] }],
    subject: user,
    allowed: (namespace) => [pods(namespace, '/x/status')],
    refused: (namespace) => [pods(namespace, '/x'), pods(namespace, '/x/log')],
  },
  {
    name: 'a subresource of every resource',
    by: 'Role',
    rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*/status'] }],
    subject: user,
    allowed: (namespace) => [
      pods(namespace, '/x/status'),
      get(`/apis/apps/v1/namespaces/${namespace}/deployments/x/status`),
    ],
    refused: (namespace) => [pods(namespace, '/x')],
  },
  {
    name: 'everything of one group',
    by: 'Role',
    rules: [{ verbs: ['*'], apiGroups: ['apps'], resources: ['*'] }],
    subject: user,
    allowed: (namespace) => [
      get(`/apis/apps/v1/namespaces/${namespace}/deployments`),
      get(`/apis/apps/v1/namespaces/${namespace}/deployments/x/status`),
      request('DELETE', `/apis/apps/v1/namespaces/${namespace}/deployments/x`),
    ],
    refused: (namespace) => [pods(namespace), get(`/apis/batch/v1/namespaces/${namespace}/jobs`)],
  },
  {
    name: 'a group of users',
    by: 'ClusterRole',
    rules: [readPods],
    subject: (_, name) => ({ kind: 'Group', name }),
    who: (_, name) => as('somebody', name),
    allowed: (namespace) => [pods(namespace)],
    refused: () => [get('/api/v1/nodes')],
  },
  {
    name: 'a service account, which is in the namespace of its binding if none is named',
    by: 'Role',
    rules: [readPods],
    subject: (_, name) => ({ kind: 'ServiceAccount', name }),
    who: (namespace, name) => as(`system:serviceaccount:${namespace}:${name}`),
    allowed: (namespace) => [pods(namespace)],
    refused: () => [pods('default')],
  },
  {
    name: 'all service accounts of a namespace, by the group that they are in',
    by: 'Role',
    rules: [readPods],
    subject: (namespace) => ({ kind: 'Group', name: `system:serviceaccounts:${namespace}` }),
    who: (namespace) => as(`system:serviceaccount:${namespace}:any`),
    allowed: (namespace) => [pods(namespace)],
    refused: () => [pods('default')],
  },
];

const byName: NonNullable<Row['who']> = (_, username) => as(username);

for (const { name, who = byName, allowed, refused, ...row } of ROWS)
  contract(`gives rights by ${name}`, TRUSTING, async (api) => {
    const namespace = await freshNamespace();
    const fresh = freshName('rights');
    await grant(api, namespace, fresh, row);
    const statusOf = async (wanted: Wanted) => (await send(api, who(namespace, fresh), wanted)).status;
    for (const wanted of allowed(namespace)) await soon(async () => (await statusOf(wanted)) !== 403);
    for (const wanted of refused(namespace))
      expect([wanted.path, await statusOf(wanted)]).toEqual([wanted.path, 403]);
  });

contract('says which role is missing', TRUSTING, async (api) => {
  const namespace = await freshNamespace();
  const name = freshName('missing');
  const subjects = [{ kind: 'User', name }];
  await create(api, 'clusterrolebindings', name, {
    roleRef: { kind: 'ClusterRole', name: 'no-1' },
    subjects,
  });
  const roleRef = { kind: 'Role', name: 'no-2' };
  await create(api, 'rolebindings', name, { roleRef, subjects }, namespace);
  const why =
    ': RBAC: [clusterrole.rbac.authorization.k8s.io "no-1" not found, role.rbac.authorization.k8s.io "no-2" not found]';
  await soon(async () => {
    const { status, failure } = await send(api, as(name), pods(namespace));
    return status === 403 && String(failure.message).endsWith(`in the namespace "${namespace}"${why}`);
  });
});

contract('takes rights away with the binding', TRUSTING, async (api) => {
  const namespace = await freshNamespace();
  const name = freshName('taken');
  await grant(api, namespace, name, { by: 'Role', rules: [readPods], subject: user });
  await soon(async () => (await send(api, as(name), pods(namespace))).status === 200);
  await api.remove(`${RBAC}/namespaces/${namespace}/rolebindings/${name}`);
  await soon(async () => (await send(api, as(name), pods(namespace))).status === 403);
});

contract('answers whether the user may, and by which binding', TRUSTING, async (api) => {
  const namespace = await freshNamespace();
  const name = freshName('may');
  await grant(api, namespace, name, { by: 'Role', rules: [readPods], subject: user });
  const ask = async (verb: string) => {
    const spec = { resourceAttributes: { verb, resource: 'pods', namespace } };
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
    const { status, object } = await send(api, as(name), { method: 'POST', path: REVIEWS, body });
    return [status, object.status];
  };
  await soon(async () => (await send(api, as(name), pods(namespace))).status === 200);
  const reason = `RBAC: allowed by RoleBinding "${name}/${namespace}" of Role "${name}" to User "${name}"`;
  expect(await ask('list')).toEqual([201, { allowed: true, reason }]);
  expect(await ask('delete')).toEqual([201, { allowed: false }]);
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
  expect((await send(api, { 'impersonate-group': 'team' }, pods('default'))).status).toBe(500);
});

const role = (rule: Json): Json => ({ rules: [rule] });

const INVALID: [what: string, plural: string, content: Json, causes: [field: string, message: string][]][] = [
  [
    'a rule without verbs',
    'clusterroles',
    role({ apiGroups: [''], resources: ['pods'] }),
    [['rules[0].verbs', 'Required value: verbs must contain at least one value']],
  ],
  [
    'a rule without groups and resources',
    'clusterroles',
    role({ verbs: ['get'] }),
    [
      ['rules[0].apiGroups', 'Required value: resource rules must supply at least one api group'],
      ['rules[0].resources', 'Required value: resource rules must supply at least one resource'],
    ],
  ],
  [
    'a rule for both',
    'clusterroles',
    role({ verbs: ['get'], apiGroups: [''], resources: ['pods'], nonResourceURLs: ['/x'] }),
    [
      [
        'rules[0].nonResourceURLs',
        'Invalid value: ["/x"]: rules cannot apply to both regular resources and non-resource URLs',
      ],
    ],
  ],
  [
    'a path in a Role',
    'namespaces/default/roles',
    role({ verbs: ['get'], nonResourceURLs: ['/x'] }),
    [
      [
        'rules[0].nonResourceURLs',
        'Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs',
      ],
    ],
  ],
  [
    'a binding of nothing',
    'clusterrolebindings',
    {},
    [
      ['roleRef.kind', 'Unsupported value: "": supported values: "ClusterRole"'],
      ['roleRef.name', 'Required value'],
    ],
  ],
  [
    'a binding in a namespace of another kind',
    'namespaces/default/rolebindings',
    { roleRef: { kind: 'Thing', name: 'x' } },
    [['roleRef.kind', 'Unsupported value: "Thing": supported values: "Role", "ClusterRole"']],
  ],
  [
    'subjects that are nobody',
    'clusterrolebindings',
    {
      roleRef: { kind: 'ClusterRole', name: 'x' },
      subjects: [{ kind: 'Robot', name: 'x' }, { kind: 'ServiceAccount', name: 'x' }, { kind: 'User' }],
    },
    [
      ['subjects[0].kind', 'Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group"'],
      ['subjects[1].namespace', 'Required value'],
      ['subjects[2].name', 'Required value'],
    ],
  ],
];

/** Any answer to an invalid object that is no refusal. */
const LENIENT: Sabotage = {
  behaviour: 'takes it all the same',
  answer: (answer) => ({ ...answer, status: 201 }),
};

for (const [what, plural, content, causes] of INVALID)
  contract(`refuses ${what}`, LENIENT, async (api) => {
    const { status, failure } = await api.post(`${RBAC}/${plural}`, { metadata: { name: 'x' }, ...content });
    expect(status).toBe(422);
    expect(failure.details.causes?.map(({ field, message }) => [field, message])).toEqual(causes);
  });

contract('refuses another role for a binding', LENIENT, async (api) => {
  const name = freshName('bound');
  await create(api, 'clusterrolebindings', name, { roleRef: { kind: 'ClusterRole', name: 'x' } });
  const { status, failure } = await api.patch('merge', `${RBAC}/clusterrolebindings/${name}`, {
    roleRef: { name: 'y' },
  });
  expect(status).toBe(422);
  const shown = '{"APIGroup":"rbac.authorization.k8s.io","Kind":"ClusterRole","Name":"y"}';
  expect(failure.details.causes).toEqual([
    {
      reason: 'FieldValueInvalid',
      field: 'roleRef',
      message: `Invalid value: ${shown}: cannot change roleRef`,
    },
  ]);
});
