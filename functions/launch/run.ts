/** Opens the next start levels of one Pod, or says why it can't start. */
import { unlessEarly } from '../../shared/core/forwarding/unlessEarly.ts';
import { configMapName } from '../../shared/core/launch/configMap.ts';
import { planLaunch, whyAtRest } from '../../shared/core/launch/plan.ts';
import { lookSoon } from '../../shared/io/lookSoon.ts';
import { retryLostRace } from '../../shared/io/lostRace.ts';
import type { Clock, Cluster } from '../../shared/io/ports.ts';
import { tell } from '../../shared/io/tell.ts';
import type { ClusterEvent } from '../../shared/model/event.ts';
import type { ConfigMap, Pod } from '../../shared/model/kubernetes.ts';
import type { Outcome } from '../../shared/model/outcome.ts';
import { CONFIG_MAPS, PODS } from '../../shared/model/resources.ts';
import { openDoor, writePod } from './writes.ts';

export interface LaunchOptions {
  cluster: Cluster;
  clock: Pick<Clock, 'now'>;
  /** Waits within a run that came too early. Absent: it comes back by its queue only. */
  pause?: (milliseconds: number) => Promise<unknown>;
}

const start = async (
  { cluster, clock }: LaunchOptions,
  event: ClusterEvent,
  pod: Pod,
  name: string,
): Promise<Outcome> => {
  const there = await cluster.get<ConfigMap>(CONFIG_MAPS, { namespace: pod.metadata.namespace, name });
  const plan = planLaunch(pod, there, clock.now());
  switch (plan.kind) {
    case 'open': {
      const { door, write } = plan;
      if (door) await openDoor(cluster, { pod, name, there }, door);
      await writePod(cluster, pod, write);
      const detail = { keys: door?.keys ?? [], annotations: write.annotations };
      return { kind: 'done', code: 'LaunchOpened', detail };
    }
    case 'report':
      await tell(cluster, plan.event);
      await writePod(cluster, pod, plan.write);
      return { kind: 'done', code: plan.code };
    case 'nothing':
      return plan.code === 'LaunchWaiting'
        ? unlessEarly(event, pod.metadata.resourceVersion, plan.code)
        : { kind: 'done', code: plan.code };
    default:
      return plan satisfies never;
  }
};

const round = async (options: LaunchOptions, event: ClusterEvent): Promise<Outcome> => {
  const { namespace, name, uid } = event.ref;
  const pod = await options.cluster.get<Pod>(PODS, { namespace, name });
  if (pod === undefined) return unlessEarly(event, undefined, 'ObjectGone');
  if (uid !== undefined && uid !== pod.metadata.uid) return { kind: 'done', code: 'OtherUid' };
  const code = whyAtRest(pod);
  const configMap = configMapName(pod);
  if (code !== undefined || configMap === undefined) {
    return { kind: 'done', code: code ?? 'LaunchNotWaiting' };
  }
  return start(options, event, pod, configMap);
};

/**
 * The work of `launch` for one event: read the Pod and its ConfigMap, open the levels that are due, poke the Pod; or
 * report a start that does not go on. A first look that comes too early is repeated: to come back takes longer than a
 * container's start. Rejects with a ClusterError when the API server does not answer or refuses.
 */
export const createLaunch =
  (options: LaunchOptions) =>
  async (event: ClusterEvent): Promise<Outcome[]> => {
    const outcome = await lookSoon(
      () => retryLostRace(() => round(options, event)),
      (seen) => seen?.code === 'TooEarly',
      event.looks === 0 ? options.pause : undefined,
    );
    return [outcome ?? { kind: 'done', code: 'LaunchBusy' }];
  };
