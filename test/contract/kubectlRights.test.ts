import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { type Output, removeAtEnd } from './harness/api.ts';
import { contract, freshName, freshNamespace } from './harness/contract.ts';

const WRONG = {
  behaviour: 'says something else',
  kubectl: (output: Output): Output => ({ ...output, code: 1, stdout: 'something else' }),
};

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

contract('kubectl creates roles and bindings, and shows them', WRONG, async ({ kubectl }) => {
  const namespace = await freshNamespace();
  const within = ['-n', namespace];
  for (const args of [
    ['role', 'r', '--verb=get,list', '--resource=pods,pods/log'],
    ['rolebinding', 'b', '--role=r', '--user=bob', '--group=team', `--serviceaccount=${namespace}:robot`],
  ])
    expect(await kubectl(['create', ...args, ...within])).toMatchObject({ code: 0, stderr: '' });
  const { stdout } = await kubectl(['get', 'rolebinding', 'b', '-o', 'wide', '--no-headers', ...within]);
  expect(stdout.trim().split(/\s{2,}/)).toEqual([
    'b',
    'Role/r',
    expect.stringMatching(/^\d+s$/),
    'bob',
    'team',
    `${namespace}/robot`,
  ]);
  const role = await kubectl(['get', 'role', 'r', '-o', 'jsonpath={.rules}', ...within]);
  expect(JSON.parse(role.stdout)).toEqual([
    { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', 'pods/log'] },
  ]);
});

contract('kubectl creates a ClusterRole and binds it to a group', WRONG, async ({ kubectl, sureGet }) => {
  const name = freshName('cluster-role');
  const rules = ['--verb=get', '--non-resource-url=/logs/*'];
  expect(await kubectl(['create', 'clusterrole', name, ...rules])).toMatchObject({ code: 0 });
  removeAtEnd(`${RBAC}/clusterroles/${name}`);
  const binding = ['create', 'clusterrolebinding', name, `--clusterrole=${name}`, '--group=team'];
  expect(await kubectl(binding)).toMatchObject({ code: 0 });
  removeAtEnd(`${RBAC}/clusterrolebindings/${name}`);
  expect(await sureGet(`${RBAC}/clusterrolebindings/${name}`)).toMatchObject({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'team' }],
  });
});

contract('kubectl auth says who somebody is, and what they may', WRONG, async ({ kubectl }) => {
  const bob = ['--as', 'bob', '--as-group', 'team'];
  expect(await kubectl(['auth', 'can-i', 'delete', 'pods'])).toMatchObject({ code: 0, stdout: 'yes\n' });
  expect(await kubectl(['auth', 'can-i', 'delete', 'pods', ...bob])).toMatchObject({
    code: 1,
    stdout: 'no\n',
  });
  expect(await kubectl(['auth', 'can-i', 'get', '/version', ...bob])).toMatchObject({ stdout: 'yes\n' });
  const { stdout } = await kubectl(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo}', ...bob]);
  expect(JSON.parse(stdout)).toEqual({ username: 'bob', groups: ['team', 'system:authenticated'] });
});

contract(
  'kubectl applies a policy, and a change of one of its variables',
  WRONG,
  async ({ kubectl, sureGet }) => {
    const name = freshName('policy');
    const file = new URL('../../infra/cluster/rights/rollout.policy.yaml', import.meta.url);
    const [document] = parseAllDocuments(await readFile(file, 'utf8'));
    const policy = { ...document?.toJS(), metadata: { name } };
    const apply = (object: object) => kubectl(['apply', '-f', '-'], stringify(object));
    expect(await apply(policy)).toMatchObject({ code: 0, stdout: expect.stringContaining('created') });
    const path = `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/${name}`;
    removeAtEnd(path);
    expect(await apply(policy)).toMatchObject({ code: 0 });
    const [first, ...others] = policy.spec.variables;
    const variables = [{ ...first, expression: 'dyn({})' }, ...others];
    expect(await apply({ ...policy, spec: { ...policy.spec, variables } })).toMatchObject({ code: 0 });
    expect((await sureGet(path)).spec['variables']).toEqual(variables);
  },
);
