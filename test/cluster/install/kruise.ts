/** A cluster as OpenKruise leaves it, as far as the installer looks: its names, and a SidecarSet stored as v1alpha1. */
import type { UserCluster } from '../../../cli/cluster.ts';
import type { Manifest } from '../../../cli/manifests.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import { CUSTOM_RESOURCE_DEFINITIONS, SIDECARSETS } from '../../../shared/model/resources.ts';

const NAME = 'sidecarsets.apps.kruise.io';
const NAMESPACE = 'kruise-system';

const version = (name: string, storage: boolean, schema: object) => ({
  name,
  served: true,
  storage,
  subresources: { status: {} },
  schema: { openAPIV3Schema: { type: 'object', properties: schema } },
});

const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
/** Knows no claim. */
const closed = { type: 'object', properties: { matchedPods: { type: 'integer' } } };

const definition = (stored: 'v1alpha1' | 'v1beta1', conversion: object): Manifest =>
  ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: NAME, annotations: { 'kruise.example/made': 'by another' } },
    spec: {
      group: 'apps.kruise.io',
      scope: 'Cluster',
      names: {
        kind: 'SidecarSet',
        listKind: 'SidecarSetList',
        plural: 'sidecarsets',
        singular: 'sidecarset',
      },
      conversion,
      versions: ['v1alpha1', 'v1beta1'].map((name) =>
        version(name, name === stored, { spec: open, status: closed }),
      ),
    },
  }) as Manifest;

const service = (path: string) => ({
  service: { namespace: NAMESPACE, name: 'kruise-webhook-service', path },
});

const webhook = (name: string, apiGroups: string[], resources: string[]) => ({
  name,
  admissionReviewVersions: ['v1'],
  clientConfig: service('/answer'),
  failurePolicy: 'Fail',
  sideEffects: 'None',
  rules: [{ apiGroups, apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources }],
});

const configuration = (kind: string, name: string, webhooks: object[]): Manifest =>
  ({ apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name }, webhooks }) as Manifest;

const manager = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'kruise-controller-manager', namespace: NAMESPACE },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'kruise' } },
    template: {
      metadata: { labels: { app: 'kruise' } },
      spec: { containers: [{ name: 'manager', image: 'kruise-manager:1' }] },
    },
  },
} as Manifest;

export const OLD_SET: KubernetesObject & { spec: object } = {
  apiVersion: 'apps.kruise.io/v1alpha1',
  kind: 'SidecarSet',
  metadata: { name: 'old' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    namespace: 'default',
    containers: [{ name: 'agent', image: 'agent:1' }],
  },
};

/** As after years: stored as v1alpha1 once, served through a conversion webhook now. */
export const installKruise = async (
  cluster: UserCluster,
  established: () => Promise<void>,
): Promise<void> => {
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  await cluster.apply(manager);
  await cluster.apply(definition('v1alpha1', { strategy: 'None' }));
  await established();
  await cluster.create({ ...SIDECARSETS, version: 'v1alpha1' }, OLD_SET);
  const found = await cluster.get(CUSTOM_RESOURCE_DEFINITIONS, { name: NAME });
  const conversion = {
    strategy: 'Webhook',
    webhook: { conversionReviewVersions: ['v1'], clientConfig: service('/convert') },
  };
  const next = definition('v1beta1', conversion);
  const { resourceVersion } = found?.metadata ?? {};
  await cluster.replace(CUSTOM_RESOURCE_DEFINITIONS, {
    ...next,
    metadata: { ...next.metadata, resourceVersion },
  });
  await cluster.apply(
    configuration('MutatingWebhookConfiguration', 'kruise-mutating-webhook-configuration', [
      webhook('mpod.kb.io', [''], ['pods']),
      webhook('mcloneset.kb.io', ['apps.kruise.io'], ['clonesets']),
    ]),
  );
  await cluster.apply(
    configuration('ValidatingWebhookConfiguration', 'kruise-validating-webhook-configuration', [
      webhook('vsidecarset.kb.io', ['apps.kruise.io'], ['sidecarsets']),
    ]),
  );
};
