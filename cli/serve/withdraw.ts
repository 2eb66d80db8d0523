/** Lets a cluster go on without the functions. */
import type { Resource } from '../../shared/model/resources.ts';
import type { UserCluster } from '../cluster.ts';

const clusterWide = (group: string, plural: string, kind: string): Resource => ({
  group,
  version: 'v1',
  plural,
  kind,
  namespaced: false,
});

const ADMISSION = 'admissionregistration.k8s.io';
const CONFIGURATIONS = [
  clusterWide(ADMISSION, 'validatingwebhookconfigurations', 'ValidatingWebhookConfiguration'),
  clusterWide(ADMISSION, 'mutatingwebhookconfigurations', 'MutatingWebhookConfiguration'),
];
const DEFINITIONS = clusterWide(
  'apiextensions.k8s.io',
  'customresourcedefinitions',
  'CustomResourceDefinition',
);

/**
 * Removes the webhooks and turns the conversion off: nothing calls the functions any more. SidecarSets, their definition
 * and the ControllerRevisions stay.
 */
export const withdraw = async (cluster: UserCluster): Promise<void> => {
  for (const resource of CONFIGURATIONS) await cluster.remove(resource, { name: 'sidecarset-serverless' });
  const definition = { name: 'sidecarsets.apps.kruise.io' };
  if ((await cluster.get(DEFINITIONS, definition)) === undefined) return;
  const patch = { spec: { conversion: { strategy: 'None', webhook: null } } };
  await cluster.patch(DEFINITIONS, definition, patch, { type: 'merge' });
};
