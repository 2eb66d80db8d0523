import type { ConfigMap, Pod } from '../../model/kubernetes.ts';
import { barrierName } from '../resources/barrier.ts';

/** The `data` that opens start levels. */
export const openKeys = (keys: string[]): Record<string, string> =>
  Object.fromEntries(keys.map((key) => [key, 'true']));

/** The ConfigMap that opens `keys` for this very Pod, and goes with it. */
export const barrierConfigMap = (pod: Pod, keys: string[]): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: barrierName(pod.metadata.name),
    namespace: pod.metadata.namespace,
    ownerReferences: [
      { apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid ?? '' },
    ],
  },
  data: openKeys(keys),
});
