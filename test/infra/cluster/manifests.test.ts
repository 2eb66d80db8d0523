import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { FUNCTIONS, identityOf } from '../../../infra/identities.ts';
import { SYSTEM_NAMESPACE } from '../../../shared/model/names.ts';

const read = async (file: string) => {
  const text = await readFile(new URL(`../../../infra/cluster/${file}`, import.meta.url), 'utf8');
  return parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
};

/** Every object of a kustomization, in its order; a resource without an extension is a folder with one of its own. */
const objectsOf = async (folder: string): Promise<{ kind: string; metadata: { name: string } }[]> => {
  const [{ resources }] = await read(`${folder}kustomization.yaml`);
  const objects = await Promise.all(
    resources.map((name: string) =>
      name.endsWith('.yaml') ? read(`${folder}${name}`) : objectsOf(`${folder}${name}/`),
    ),
  );
  return objects.flat();
};

it('lists every manifest in the kustomization', async () => {
  const kinds = (await objectsOf('')).map(({ kind }) => kind);
  const [account = [], role = [], policy = [], lane = []] = [
    ['ServiceAccount', 'ClusterRole', 'ClusterRoleBinding'],
    ['Role', 'RoleBinding'],
    ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
    ['PriorityLevelConfiguration', 'FlowSchema'],
  ];
  expect(kinds).toEqual([
    'Namespace',
    'CustomResourceDefinition',
    ...[account, role, account, role, account, account, account, role, account].flat(),
    ...[policy, policy, policy, policy, policy, policy].flat(),
    ...[lane, lane].flat(),
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
  ]);
});

describe('the rights', () => {
  it.each(
    FUNCTIONS,
  )('of %s are those of its group and its service account, and of nobody else', async (name) => {
    const [account, ...others] = await read(`rights/${name}.yaml`);
    expect(account).toMatchObject({
      kind: 'ServiceAccount',
      metadata: { name, namespace: SYSTEM_NAMESPACE },
      automountServiceAccountToken: false,
    });
    const bindings = others.filter(({ kind }) => kind.endsWith('Binding'));
    const [group] = identityOf(name).groups;
    for (const { subjects } of bindings)
      expect(subjects).toEqual([
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group },
        { kind: 'ServiceAccount', name, namespace: SYSTEM_NAMESPACE },
      ]);
    expect(bindings.map(({ roleRef }) => roleRef.name)).toEqual(
      others.filter(({ kind }) => kind.endsWith('Role')).map(({ metadata }) => metadata.name),
    );
  });

  it('are marked as a part of this project', async () => {
    for (const { metadata } of await objectsOf('rights/'))
      expect(metadata).toMatchObject({ labels: { 'app.kubernetes.io/part-of': 'sidecarset-serverless' } });
  });

  it.each([
    'launch',
    'terminate',
    'rollout',
  ] as const)('of %s are narrowed by policies that deny, also when they fail, and look at nobody else', async (name) => {
    const objects = await read(`rights/${name}.policy.yaml`);
    const policies = objects.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
    for (const { spec } of policies) {
      expect(spec.failurePolicy).toBe('Fail');
      expect(spec.matchConditions).toHaveLength(1);
      expect(spec.matchConditions[0].expression).toContain(`'${identityOf(name).groups[0]}'`);
      for (const { reason } of spec.validations) expect(reason).toBe('Forbidden');
    }
    const bindings = objects.filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding');
    expect(bindings.map(({ spec }) => spec)).toEqual(
      policies.map(({ metadata }) => ({ policyName: metadata.name, validationActions: ['Deny'] })),
    );
  });
});

/** `<operations> <resources>` of every rule. */
const rules = (webhook: { rules: { operations: string[]; resources: string[]; apiVersions: string[] }[] }) =>
  webhook.rules.map(({ operations, resources }) => `${operations.join(' ')} ${resources.join(' ')}`);

const OUTSIDE = [
  { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', 'sidecarset-system'] },
];

it.each<[string, object, string[]]>([
  [
    'inject',
    {
      clientConfig: { url: 'https://sidecarset.invalid/inject' },
      failurePolicy: 'Fail',
      timeoutSeconds: 10,
      reinvocationPolicy: 'IfNeeded',
      sideEffects: 'None',
      namespaceSelector: { matchExpressions: OUTSIDE },
    },
    ['CREATE pods'],
  ],
  [
    'default',
    {
      clientConfig: { url: 'https://sidecarset.invalid/sidecarset/default' },
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      sideEffects: 'None',
    },
    ['CREATE UPDATE sidecarsets'],
  ],
  [
    'validate',
    {
      clientConfig: { url: 'https://sidecarset.invalid/sidecarset/validate' },
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      sideEffects: 'None',
    },
    ['CREATE UPDATE sidecarsets'],
  ],
  [
    'observe',
    {
      clientConfig: { url: 'https://sidecarset.invalid/observe' },
      failurePolicy: 'Ignore',
      timeoutSeconds: 5,
      sideEffects: 'NoneOnDryRun',
      namespaceSelector: { matchExpressions: OUTSIDE },
    },
    [
      'CREATE UPDATE DELETE pods',
      'UPDATE pods/status',
      'CREATE pods/eviction',
      'CREATE UPDATE DELETE sidecarsets',
    ],
  ],
])('registers %s for what it answers, and for nothing else', async (name, expected, expectedRules) => {
  const webhooks = (await read('webhooks.yaml')).flatMap((configuration) => configuration.webhooks);
  const webhook = webhooks.find((candidate) => candidate.name === `${name}.sidecarset.io`);
  expect(webhook).toMatchObject({ admissionReviewVersions: ['v1'], ...expected });
  expect(rules(webhook)).toEqual(expectedRules);
});

it('serves both versions, stores v1beta1, converts by webhook, and shows the same columns', async () => {
  const [{ spec }] = await read('crd.yaml');
  expect(spec).toMatchObject({
    group: 'apps.kruise.io',
    scope: 'Cluster',
    conversion: {
      strategy: 'Webhook',
      webhook: {
        conversionReviewVersions: ['v1'],
        clientConfig: { url: 'https://sidecarset.invalid/sidecarset/convert' },
      },
    },
    versions: ['v1beta1', 'v1alpha1'].map((name) => ({
      name,
      served: true,
      storage: name === 'v1beta1',
      subresources: { status: {} },
      additionalPrinterColumns: ['MATCHED', 'UPDATED', 'READY', 'AGE'].map((column) => ({ name: column })),
    })),
  });
});

it('prunes nothing that a webhook has to see, nor the claim', async () => {
  const [{ spec }] = await read('crd.yaml');
  for (const version of spec.versions) {
    const { spec: set, status } = version.schema.openAPIV3Schema.properties;
    const open = { 'x-kubernetes-preserve-unknown-fields': true };
    expect(set).toMatchObject(open);
    expect(set.properties).toMatchObject({
      containers: { items: open },
      initContainers: { items: open },
      volumes: { items: open },
      updateStrategy: open,
      injectionStrategy: open,
    });
    expect(Object.keys(status.properties.claim.properties)).toEqual([
      'holder',
      'until',
      'listed',
      'at',
      'interrupted',
      'inFlight',
    ]);
  }
});
