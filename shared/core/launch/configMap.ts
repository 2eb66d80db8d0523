import type { ConfigMap, Pod } from '../../model/kubernetes.ts';
import { barriers } from '../resources/barrier.ts';

/** Name of the ConfigMap that the Pod's containers wait for; `undefined` if none waits. */
export const configMapName = (pod: Pod): string | undefined => barriers(pod)[0]?.configMap;

/** The `data` that opens start levels. */
export const openKeys = (keys: string[]): Record<string, string> =>
  Object.fromEntries(keys.map((key) => [key, 'true']));

/** The ConfigMap `name` that opens `keys` for this very Pod, and goes with it. */
export const barrierConfigMap = (pod: Pod, name: string, keys: string[]): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    namespace: pod.metadata.namespace,
    ownerReferences: [
      { apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid ?? '' },
    ],
  },
  data: openKeys(keys),
});
