/** What `launch` writes. A lost race rejects with a ClusterError. */
import { barrierConfigMap, openKeys } from '../../shared/core/launch/configMap.ts';
import type { Door } from '../../shared/core/launch/plan.ts';
import type { PodWrite } from '../../shared/core/launch/report.ts';
import type { Cluster } from '../../shared/io/ports.ts';
import type { ConfigMap, Pod } from '../../shared/model/kubernetes.ts';
import { CONFIG_MAPS, PODS } from '../../shared/model/resources.ts';

interface Barrier {
  pod: Pod;
  /** Of the ConfigMap. */
  name: string;
  /** As it was read. */
  there: ConfigMap | undefined;
}

/** The keys come with the version of the ConfigMap that was read, so that no key goes to another Pod's. */
export const openDoor = async (
  cluster: Cluster,
  { pod, name, there }: Barrier,
  { how, keys }: Door,
): Promise<void> => {
  const { metadata, ...content } = barrierConfigMap(pod, name, keys);
  const resourceVersion = there?.metadata.resourceVersion;
  switch (how) {
    case 'create':
      await cluster.create<ConfigMap>(CONFIG_MAPS, { ...content, metadata });
      return;
    case 'replace':
      await cluster.replace<ConfigMap>(CONFIG_MAPS, {
        ...content,
        metadata: { ...metadata, resourceVersion },
      });
      return;
    case 'patch': {
      const patch = { metadata: { resourceVersion }, data: openKeys(keys) };
      await cluster.patch(CONFIG_MAPS, metadata, patch, { type: 'merge' });
      return;
    }
    default:
      how satisfies never;
  }
};

/** Annotations hold for whatever has changed meanwhile; a status only for the Pod as it was read. */
export const writePod = async (
  cluster: Cluster,
  pod: Pod,
  { annotations, status }: PodWrite,
): Promise<void> => {
  const { uid, resourceVersion } = pod.metadata;
  if (status === undefined) {
    if (Object.keys(annotations).length === 0) return;
    await cluster.patch(PODS, pod.metadata, { metadata: { uid, annotations } }, { type: 'merge' });
    return;
  }
  const patch = { metadata: { uid, resourceVersion, annotations }, status };
  await cluster.patch(PODS, pod.metadata, patch, { type: 'strategic', subresource: 'status' });
};
