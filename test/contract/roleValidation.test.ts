import { expect } from 'vitest';
import type { Json } from './harness/api.ts';
import { contract, freshName, type Sabotage } from './harness/contract.ts';
import { create, RBAC } from './harness/users.ts';

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
