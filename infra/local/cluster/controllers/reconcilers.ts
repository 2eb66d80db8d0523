/** Read, decide, act: one reconciler a kind. Reads are consistent, so a decision never rests on an older picture. */

import { selectorQuery } from '../../../../shared/core/labels/selector.ts';
import type { KubernetesObject, ObjectMeta, Pod } from '../../../../shared/model/kubernetes.ts';
import { PODS, type Resource } from '../../../../shared/model/resources.ts';
import { createActor, type Surroundings } from './actor.ts';
import { planDeployment } from './deployment/plan.ts';
import { LABEL_JOB_NAME, planJob } from './job/plan.ts';
import { isTracked, release } from './job/tracking.ts';
import type { Plan } from './plan.ts';
import { isControlledBy } from './pods.ts';
import { planReplicaSet } from './replicaset/plan.ts';
import { planAssignment } from './scheduler.ts';
import { DEPLOYMENTS, type Deployment, JOBS, type Job, REPLICA_SETS, type ReplicaSet } from './workloads.ts';

export interface Key {
  namespace: string;
  name: string;
}

/** Brings what the key names one step on; resolves to milliseconds after which to look again, if any. */
export type Reconcile = (key: Key) => Promise<number | undefined>;

export const keyOf = ({ namespace = '', name }: { namespace?: string; name: string }): string =>
  `${namespace}/${name}`;

const parseKey = (key: string): Key => {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace, name };
};

/** The reconciler as the work of a queue. */
export const workOf =
  (reconcile: Reconcile) =>
  (key: string): Promise<number | undefined> =>
    reconcile(parseKey(key));

type Decide = (client: Surroundings['client'], key: Key, now: Date) => Promise<Plan | undefined>;

const reconciler =
  (component: string, decide: Decide) =>
  (surroundings: Surroundings): Reconcile => {
    const perform = createActor(surroundings, component);
    return async (key) => {
      const plan = await decide(surroundings.client, key, surroundings.clock.now());
      await perform(plan?.actions ?? []);
      return plan?.again;
    };
  };

const controlled = async <T extends KubernetesObject>(
  client: Surroundings['client'],
  resource: Resource,
  labelSelector: string,
  owner: ObjectMeta,
): Promise<T[]> => {
  const { items } = await client.list<T>(resource, { namespace: owner.namespace, labelSelector });
  return items.filter(({ metadata }) => isControlledBy(metadata, owner));
};

/** Pods of a Job that is gone (or of its predecessor of the same name) are let go, or they could never be deleted. */
export const jobReconciler = reconciler('job-controller', async (client, key, now) => {
  const job = await client.get<Job>(JOBS, key);
  const labelSelector = `${LABEL_JOB_NAME}=${key.name}`;
  const { items } = await client.list<Pod>(PODS, { namespace: key.namespace, labelSelector });
  const own = items.filter(({ metadata }) => job && isControlledBy(metadata, job.metadata));
  const orphans = items.filter((pod) => !own.includes(pod) && isTracked(pod));
  const plan = job && planJob(job, own, now);
  return { ...plan, actions: [...orphans.map(release), ...(plan?.actions ?? [])] };
});

export const replicaSetReconciler = reconciler('replicaset-controller', async (client, key, now) => {
  const set = await client.get<ReplicaSet>(REPLICA_SETS, key);
  if (!set) return undefined;
  const pods = await controlled<Pod>(client, PODS, selectorQuery(set.spec.selector), set.metadata);
  return planReplicaSet(set, pods, now);
});

export const deploymentReconciler = reconciler('deployment-controller', async (client, key, now) => {
  const deployment = await client.get<Deployment>(DEPLOYMENTS, key);
  if (!deployment) return undefined;
  const labelSelector = selectorQuery(deployment.spec.selector);
  const sets = await controlled<ReplicaSet>(client, REPLICA_SETS, labelSelector, deployment.metadata);
  const recreates = deployment.spec.strategy?.type === 'Recreate';
  const pods = recreates
    ? await client.list<Pod>(PODS, { namespace: key.namespace, labelSelector })
    : undefined;
  return planDeployment(deployment, sets, pods?.items ?? [], now);
});

export const podScheduler = reconciler('default-scheduler', async (client, key) => {
  const pod = await client.get<Pod>(PODS, key);
  return pod && planAssignment(pod);
});
