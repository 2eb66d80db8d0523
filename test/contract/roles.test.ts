import { expect } from 'vitest';
import type { Json } from './harness/api.ts';
import { type Api, contract, freshName, freshNamespace } from './harness/contract.ts';
import {
  as,
  create,
  get,
  podsOf,
  RBAC,
  request,
  send,
  soon,
  TRUSTING,
  type Wanted,
  type Who,
} from './harness/users.ts';

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

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
    allowed: (namespace) => [podsOf(namespace), podsOf(namespace, '/x')],
    refused: (namespace) => [
      podsOf('default'),
      get('/api/v1/pods'),
      podsOf(namespace, '/x/status'),
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
    allowed: (namespace) => [podsOf(namespace)],
    refused: () => [podsOf('default'), get('/api/v1/pods')],
  },
  {
    name: 'a ClusterRole that is bound for all namespaces',
    by: 'ClusterRole',
    rules: [readPods, { verbs: ['get'], nonResourceURLs: ['/metrics', '/logs/*'] }],
    subject: user,
    allowed: (namespace) => [podsOf(namespace), podsOf('default'), get('/api/v1/pods'), get('/logs/nothing')],
    refused: () => [get('/api/v1/nodes'), get('/logs')],
  },
  {
    name: 'the name of a resource, but not the list of all',
    by: 'Role',
    rules: [{ ...readPods, resourceNames: ['x'] }],
    subject: user,
    allowed: (namespace) => [
      podsOf(namespace, '/x'),
      { ...podsOf(namespace), query: { fieldSelector: 'metadata.name=x' } },
    ],
    refused: (namespace) => [
      podsOf(namespace, '/y'),
      podsOf(namespace),
      { ...podsOf(namespace), query: { fieldSelector: 'metadata.name=y' } },
    ],
  },
  {
    name: 'a subresource without its resource',
    by: 'Role',
    rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods/status'] }],
    subject: user,
    allowed: (namespace) => [podsOf(namespace, '/x/status')],
    refused: (namespace) => [podsOf(namespace, '/x'), podsOf(namespace, '/x/log')],
  },
  {
    name: 'a subresource of every resource',
    by: 'Role',
    rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*/status'] }],
    subject: user,
    allowed: (namespace) => [
      podsOf(namespace, '/x/status'),
      get(`/apis/apps/v1/namespaces/${namespace}/deployments/x/status`),
    ],
    refused: (namespace) => [podsOf(namespace, '/x')],
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
    refused: (namespace) => [podsOf(namespace), get(`/apis/batch/v1/namespaces/${namespace}/jobs`)],
  },
  {
    name: 'a group of users',
    by: 'ClusterRole',
    rules: [readPods],
    subject: (_, name) => ({ kind: 'Group', name }),
    who: (_, name) => as('somebody', name),
    allowed: (namespace) => [podsOf(namespace)],
    refused: () => [get('/api/v1/nodes')],
  },
  {
    name: 'a service account, which is in the namespace of its binding if none is named',
    by: 'Role',
    rules: [readPods],
    subject: (_, name) => ({ kind: 'ServiceAccount', name }),
    who: (namespace, name) => as(`system:serviceaccount:${namespace}:${name}`),
    allowed: (namespace) => [podsOf(namespace)],
    refused: () => [podsOf('default')],
  },
  {
    name: 'all service accounts of a namespace, by the group that they are in',
    by: 'Role',
    rules: [readPods],
    subject: (namespace) => ({ kind: 'Group', name: `system:serviceaccounts:${namespace}` }),
    who: (namespace) => as(`system:serviceaccount:${namespace}:any`),
    allowed: (namespace) => [podsOf(namespace)],
    refused: () => [podsOf('default')],
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
    const { status, failure } = await send(api, as(name), podsOf(namespace));
    return status === 403 && String(failure.message).endsWith(`in the namespace "${namespace}"${why}`);
  });
});

contract('takes rights away with the binding', TRUSTING, async (api) => {
  const namespace = await freshNamespace();
  const name = freshName('taken');
  await grant(api, namespace, name, { by: 'Role', rules: [readPods], subject: user });
  await soon(async () => (await send(api, as(name), podsOf(namespace))).status === 200);
  await api.remove(`${RBAC}/namespaces/${namespace}/rolebindings/${name}`);
  await soon(async () => (await send(api, as(name), podsOf(namespace))).status === 403);
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
  await soon(async () => (await send(api, as(name), podsOf(namespace))).status === 200);
  const reason = `RBAC: allowed by RoleBinding "${name}/${namespace}" of Role "${name}" to User "${name}"`;
  expect(await ask('list')).toEqual([201, { allowed: true, reason }]);
  expect(await ask('delete')).toEqual([201, { allowed: false }]);
});
