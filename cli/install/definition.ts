import { objectPath, refusal } from '../../shared/io/cluster/client.ts';
import { isRecord } from '../../shared/model/json.ts';
import type { KubernetesObject } from '../../shared/model/kubernetes.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../shared/model/resources.ts';
import type { UserCluster } from '../cluster.ts';

export const conversionStrategy = (definition: KubernetesObject): string => {
  const { spec } = definition as KubernetesObject & { spec?: { conversion?: { strategy?: string } } };
  return isRecord(spec?.conversion) ? (spec.conversion.strategy ?? 'None') : 'None';
};

/** Objects are served in both versions without a webhook then: only their apiVersion changes. */
export const turnConversionOff = async (cluster: UserCluster, name: string): Promise<void> => {
  const request = {
    method: 'PATCH' as const,
    path: objectPath(CUSTOM_RESOURCE_DEFINITIONS, { name }),
    headers: { 'content-type': 'application/json-patch+json' },
    body: [{ op: 'replace', path: '/spec/conversion', value: { strategy: 'None' } }],
  };
  const response = await cluster.send(request);
  if (response.status >= 400) throw refusal(request, response);
};
