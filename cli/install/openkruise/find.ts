/** What of OpenKruise is in a cluster, as far as it handles SidecarSets and the Pods that they select. */
import { isRecord } from '../../../shared/model/json.ts';
import type { KubernetesObject } from '../../../shared/model/kubernetes.ts';
import { CUSTOM_RESOURCE_DEFINITIONS, type Resource } from '../../../shared/model/resources.ts';
import type { UserCluster } from '../../cluster.ts';
import { isOurs } from '../ours.ts';

export interface OpenKruise {
  /** Deployments in kruise-system that are not scaled to 0. */
  managers: string[];
  /** Webhooks that inject into Pods or answer for SidecarSets: `mpod.kb.io` by configuration. */
  webhooks: { configuration: string; kind: string; webhook: string }[];
  /** The CustomResourceDefinition of SidecarSets is there, and not ours. */
  definition: boolean;
}

export const DEFINITION = 'sidecarsets.apps.kruise.io';
export const KRUISE_NAMESPACE = 'kruise-system';

const DEPLOYMENTS: Resource = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
};

const registration = (kind: string, plural: string): Resource => ({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural,
  kind,
  namespaced: false,
});

export const MUTATING = registration('MutatingWebhookConfiguration', 'mutatingwebhookconfigurations');
export const VALIDATING = registration('ValidatingWebhookConfiguration', 'validatingwebhookconfigurations');

const CONFIGURATIONS: [Resource, string][] = [
  [MUTATING, 'kruise-mutating-webhook-configuration'],
  [VALIDATING, 'kruise-validating-webhook-configuration'],
];

interface Rule {
  operations?: string[];
  apiGroups?: string[];
  resources?: string[];
}

export type Configuration = KubernetesObject & { webhooks?: { name: string; rules?: Rule[] }[] };

const covers = (values: string[] | undefined, value: string): boolean =>
  values?.some((candidate) => candidate === value || candidate === '*') ?? false;

const handles = ({ apiGroups, resources }: Rule, group: string, resource: string): boolean =>
  covers(apiGroups, group) && covers(resources, resource);

/** A second one to inject into a Pod, or to answer for a SidecarSet. Validating Pods is nobody's business but theirs. */
const conflicts = (rule: Rule, kind: string): boolean =>
  handles(rule, 'apps.kruise.io', 'sidecarsets') ||
  (kind === MUTATING.kind && handles(rule, '', 'pods') && covers(rule.operations, 'CREATE'));

export const conflictingWebhooks = (
  kind: string,
  { metadata, webhooks = [] }: Configuration,
): OpenKruise['webhooks'] =>
  webhooks
    .filter(({ rules = [] }) => rules.some((rule) => conflicts(rule, kind)))
    .map(({ name }) => ({ configuration: metadata.name, kind, webhook: name }));

const replicasOf = (deployment: KubernetesObject): unknown => {
  const { spec } = deployment as KubernetesObject & { spec?: unknown };
  return isRecord(spec) ? (spec['replicas'] ?? 1) : 1;
};

export const findOpenKruise = async (cluster: UserCluster): Promise<OpenKruise> => {
  const { items } = await cluster.list(DEPLOYMENTS, { namespace: KRUISE_NAMESPACE });
  const definition = await cluster.get(CUSTOM_RESOURCE_DEFINITIONS, { name: DEFINITION });
  const webhooks: OpenKruise['webhooks'] = [];
  for (const [resource, name] of CONFIGURATIONS) {
    const found = await cluster.get<Configuration>(resource, { name });
    if (found) webhooks.push(...conflictingWebhooks(resource.kind, found));
  }
  return {
    managers: items.filter((item) => replicasOf(item) !== 0).map(({ metadata }) => metadata.name),
    webhooks,
    definition: definition !== undefined && !isOurs(definition),
  };
};
