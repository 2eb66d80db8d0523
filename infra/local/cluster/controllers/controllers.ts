import type { Pod } from '../../../../shared/model/kubernetes.ts';
import { PODS } from '../../../../shared/model/resources.ts';
import type { Surroundings } from './actor.ts';
import { LABEL_TEMPLATE_HASH } from './deployment/template.ts';
import { startCollector } from './garbage/collector.ts';
import { controllerOf } from './pods.ts';
import { createQueue, type Queue } from './queue.ts';
import {
  deploymentReconciler,
  jobReconciler,
  keyOf,
  podScheduler,
  type Reconcile,
  replicaSetReconciler,
  workOf,
} from './reconcilers.ts';
import { DEPLOYMENTS, JOBS, REPLICA_SETS } from './workloads.ts';

/** The Deployment behind a ReplicaSet's Pod, by the ReplicaSet's name: `<deployment>-<pod-template-hash>`. */
const deploymentOf = ({ metadata }: Pod, replicaSet: string): string =>
  replicaSet.slice(0, -`-${metadata.labels?.[LABEL_TEMPLATE_HASH] ?? ''}`.length);

/**
 * Starts the Job, ReplicaSet and Deployment controllers, the scheduler and the garbage collector on the embedded
 * cluster. `stop` ends their watches and waits for the work that is under way.
 */
export const startControllers = (surroundings: Surroundings): { stop(): Promise<void> } => {
  const { client } = surroundings;
  const run = (reconciler: (surroundings: Surroundings) => Reconcile): Queue =>
    createQueue({ ...surroundings, work: workOf(reconciler(surroundings)) });
  const jobs = run(jobReconciler);
  const replicaSets = run(replicaSetReconciler);
  const deployments = run(deploymentReconciler);
  const scheduler = run(podScheduler);

  const wakeOwner = (pod: Pod, gone: boolean): void => {
    const { namespace } = pod.metadata;
    const owner = controllerOf(pod.metadata);
    if (owner?.kind === JOBS.kind) jobs.add(keyOf({ namespace, name: owner.name }));
    if (owner?.kind !== REPLICA_SETS.kind) return;
    replicaSets.add(keyOf({ namespace, name: owner.name }));
    // Recreate waits for the last old Pod to be gone, which no ReplicaSet's status shows.
    if (gone) deployments.add(keyOf({ namespace, name: deploymentOf(pod, owner.name) }));
  };

  const watches = [
    client.follow(JOBS, {}, (_change, { metadata }) => jobs.add(keyOf(metadata))),
    client.follow(DEPLOYMENTS, {}, (_change, { metadata }) => deployments.add(keyOf(metadata))),
    client.follow(REPLICA_SETS, {}, (_change, { metadata }) => {
      replicaSets.add(keyOf(metadata));
      const owner = controllerOf(metadata);
      if (owner?.kind === DEPLOYMENTS.kind) {
        deployments.add(keyOf({ namespace: metadata.namespace, name: owner.name }));
      }
    }),
    client.follow<Pod>(PODS, {}, (change, pod) => {
      wakeOwner(pod, change === 'DELETED');
      if (change !== 'DELETED' && !pod.spec.nodeName) scheduler.add(keyOf(pod.metadata));
    }),
  ];
  const collector = startCollector(surroundings);

  return {
    async stop() {
      for (const watch of watches) watch.stop();
      await Promise.all([jobs, replicaSets, deployments, scheduler, collector].map((part) => part.stop()));
    },
  };
};
