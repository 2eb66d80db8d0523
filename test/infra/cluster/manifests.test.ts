import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const read = async (file: string) => {
  const text = await readFile(new URL(`../../../infra/cluster/${file}`, import.meta.url), 'utf8');
  return parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
};

it('lists every manifest in the kustomization', async () => {
  const [{ resources }] = await read('kustomization.yaml');
  const kinds = await Promise.all(
    resources.map(async (file: string) => (await read(file)).map((object) => object.kind)),
  );
  expect(kinds.flat()).toEqual([
    'Namespace',
    'CustomResourceDefinition',
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
  ]);
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
    expect(Object.keys(status.properties.claim.properties)).toEqual(['holder', 'until', 'listed']);
  }
});
