/** Opens the next start levels of one Pod. */
import { unlessEarly } from '../../shared/core/forwarding/unlessEarly.ts';
import { barrierConfigMap, openKeys } from '../../shared/core/launch/configMap.ts';
import { type Door, type LaunchPlan, planLaunch } from '../../shared/core/launch/plan.ts';
import { barrierName } from '../../shared/core/resources/barrier.ts';
import { retryLostRace } from '../../shared/io/lostRace.ts';
import type { Cluster } from '../../shared/io/ports.ts';
import type { ClusterEvent } from '../../shared/model/event.ts';
import type { ConfigMap, Pod } from '../../shared/model/kubernetes.ts';
import type { Outcome } from '../../shared/model/outcome.ts';
import { CONFIG_MAPS, PODS } from '../../shared/model/resources.ts';

/** The keys come with the version of the ConfigMap that was read, so that no key goes to another Pod's. */
const openDoor = async (
  cluster: Cluster,
  pod: Pod,
  there: ConfigMap | undefined,
  { how, keys }: Door,
): Promise<void> => {
  const { metadata, ...content } = barrierConfigMap(pod, keys);
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

const open = async (
  cluster: Cluster,
  pod: Pod,
  there: ConfigMap | undefined,
  { door, annotations }: Extract<LaunchPlan, { kind: 'open' }>,
): Promise<Outcome> => {
  if (door) await openDoor(cluster, pod, there, door);
  if (Object.keys(annotations).length > 0) {
    const poke = { metadata: { uid: pod.metadata.uid, annotations } };
    await cluster.patch(PODS, pod.metadata, poke, { type: 'merge' });
  }
  return { kind: 'done', code: 'LaunchOpened', detail: { keys: door?.keys ?? [], annotations } };
};

const round = async (cluster: Cluster, event: ClusterEvent): Promise<Outcome> => {
  const { namespace, name, uid } = event.ref;
  const [pod, there] = await Promise.all([
    cluster.get<Pod>(PODS, { namespace, name }),
    cluster.get<ConfigMap>(CONFIG_MAPS, { namespace, name: barrierName(name) }),
  ]);
  if (pod === undefined) return unlessEarly(event, undefined, 'ObjectGone');
  if (uid !== undefined && uid !== pod.metadata.uid) return { kind: 'done', code: 'OtherUid' };
  const plan = planLaunch(pod, there);
  if (plan.kind === 'open') return open(cluster, pod, there, plan);
  if (plan.code === 'LaunchWaiting') return unlessEarly(event, pod.metadata.resourceVersion, plan.code);
  return { kind: 'done', code: plan.code };
};

/**
 * The work of `launch` for one event: read the Pod and its ConfigMap, open the levels that are due, poke the Pod.
 * Rejects with a ClusterError when the API server does not answer or refuses.
 */
export const createLaunch =
  ({ cluster }: { cluster: Cluster }) =>
  async (event: ClusterEvent): Promise<Outcome[]> => [
    (await retryLostRace(() => round(cluster, event))) ?? { kind: 'done', code: 'LaunchBusy' },
  ];
