/** What is applied when. Pure. */
import { CONFIG_MAP_OWN, KEY_STRATEGY, SYSTEM_NAMESPACE } from '../../shared/model/names.ts';
import type { Strategy } from '../../shared/model/strategy.ts';
import type { Manifest } from '../manifests.ts';

/** In the order of installation: each needs those before it. Observe is last: it says what happens to everything else. */
export const STEPS = [
  'namespace',
  'definition',
  'rights',
  'configuration',
  'sidecarset',
  'inject',
  'observe',
] as const;

export type StepName = (typeof STEPS)[number];

export interface Step {
  name: StepName;
  manifests: Manifest[];
}

const stepOf = ({ kind, metadata }: Manifest): StepName => {
  if (kind === 'Namespace') return 'namespace';
  if (kind === 'CustomResourceDefinition') return 'definition';
  if (!kind.endsWith('WebhookConfiguration')) return 'rights';
  if (metadata.name.endsWith('-inject')) return 'inject';
  return metadata.name.endsWith('-observe') ? 'observe' : 'sidecarset';
};

const configuration = (strategy: Strategy): Manifest =>
  ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: CONFIG_MAP_OWN,
      namespace: SYSTEM_NAMESPACE,
      labels: { 'app.kubernetes.io/part-of': 'sidecarset-serverless' },
    },
    data: { [KEY_STRATEGY]: strategy },
  }) as Manifest;

/** Steps without a manifest are left out; without a strategy the configuration in the cluster stays as it is. */
export const planOf = (manifests: Manifest[], strategy?: Strategy): Step[] => {
  const configured = strategy === undefined ? [] : [configuration(strategy)];
  return STEPS.map((name) => ({
    name,
    manifests:
      name === 'configuration' ? configured : manifests.filter((manifest) => stepOf(manifest) === name),
  })).filter((step) => step.manifests.length > 0);
};
