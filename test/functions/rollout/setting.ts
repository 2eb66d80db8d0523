/** A cluster with SidecarSet `logs` and a fleet of Pods, a rollout that works on it, and the node. */
import { createRollout, type Rollout } from '../../../functions/rollout/run.ts';
import type { Cluster } from '../../../shared/io/ports.ts';
import type { ClusterEvent } from '../../../shared/model/event.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import type { Outcome } from '../../../shared/model/outcome.ts';
import { PODS, SIDECARSETS } from '../../../shared/model/resources.ts';
import type { SidecarSet, SidecarSetStatus } from '../../../shared/model/sidecarset.ts';
import { createFakeCluster, type FakeCluster } from '../../support/fakeCluster.ts';
import { createFakeLog, createFixedClock, type FakeLog, type FixedClock } from '../../support/fakes.ts';
import { restarted, SET } from '../../support/fleet.ts';
import { eventFor } from '../../support/pods.ts';

/** As resync sends it: no old version, so never answered. */
export const RESYNC: ClusterEvent = eventFor('rollout', {
  ref: { kind: 'SidecarSet', name: SET },
  sets: [SET],
});

export interface Setting {
  cluster: FakeCluster;
  clock: FixedClock;
  log: FakeLog;
  /** Runs on the event with 50 s to go; the only outcome. `through` stands between the run and the cluster. */
  run(event?: ClusterEvent, through?: (cluster: Cluster) => Cluster): Promise<Outcome | undefined>;
  /** As `run`, with all outcomes. */
  runAll(event?: ClusterEvent, through?: (cluster: Cluster) => Cluster): Promise<Outcome[]>;
  set(): SidecarSet;
  /** Fails without a status. */
  status(): SidecarSetStatus;
  pod(index: number): Pod;
  pods(): Pod[];
  /** Names of the Pods whose spec has the image. */
  on(tag: string): string[];
  /** Stores the SidecarSet with a new spec and hashes, as the webhook lets it pass. */
  apply(next: SidecarSet): void;
  /** The node runs what the Pods' specs say. */
  nodeCatchesUp(): void;
}

export const createSetting = (set: SidecarSet, fleetOfPods: Pod[]): Setting => {
  const cluster = createFakeCluster();
  const clock = createFixedClock();
  const log = createFakeLog();
  let runs = 0;
  cluster.put(SIDECARSETS, set);
  for (const pod of fleetOfPods) cluster.put(PODS, pod);

  const rolloutOf = (through: (cluster: Cluster) => Cluster): Rollout =>
    createRollout({ cluster: through(cluster), clock, log, newHolder: () => `run-${++runs}` });

  const setting: Setting = {
    cluster,
    clock,
    log,
    run: async (event, through) => (await setting.runAll(event, through))[0],
    runAll(event = RESYNC, through = (same) => same) {
      const deadline = new Date(clock.now().getTime() + 50_000);
      return rolloutOf(through)(event, { deadline });
    },
    set: () => cluster.read<SidecarSet>(SIDECARSETS, { name: SET }),
    status() {
      const { status } = setting.set();
      if (status === undefined) throw new Error('there is no status');
      return status;
    },
    pod: (index) => cluster.read<Pod>(PODS, { namespace: 'default', name: `web-${index}` }),
    pods: () => fleetOfPods.map(({ metadata }) => cluster.read<Pod>(PODS, metadata)),
    on: (tag) =>
      setting
        .pods()
        .filter(({ spec }) => spec.containers.some(({ image }) => image === `agent:${tag}`))
        .map(({ metadata }) => metadata.name),
    apply(next) {
      const { metadata, status } = setting.set();
      const generation = (metadata.generation ?? 0) + 1;
      cluster.put(SIDECARSETS, {
        ...next,
        metadata: { ...metadata, annotations: next.metadata.annotations, generation },
        status,
      });
    },
    nodeCatchesUp() {
      for (const pod of setting.pods()) cluster.put(PODS, restarted(pod));
    },
  };
  return setting;
};
