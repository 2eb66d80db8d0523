import type { Condition } from '../../../../../shared/model/kubernetes.ts';
import { wholeSeconds } from '../../../../../shared/model/time.ts';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../workloads.ts';
import { fenceOf } from './rolling.ts';

type Counter = 'replicas' | 'readyReplicas' | 'availableReplicas';
type Verdict = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

const sum = (sets: ReplicaSet[], field: Counter): number =>
  sets.reduce((total, { status }) => total + (status?.[field] ?? 0), 0);

const minAvailable = (deployment: Deployment): number => {
  const { replicas, maxUnavailable } = fenceOf(deployment);
  return deployment.spec.strategy?.type === 'Recreate' ? replicas : replicas - maxUnavailable;
};

const availability = (deployment: Deployment, available: number): Verdict =>
  available >= minAvailable(deployment)
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };

const progress = (name: string, complete: boolean): Verdict =>
  complete
    ? {
        type: 'Progressing',
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: `ReplicaSet "${name}" has successfully progressed.`,
      }
    : {
        type: 'Progressing',
        status: 'True',
        reason: 'ReplicaSetUpdated',
        message: `ReplicaSet "${name}" is progressing.`,
      };

/** Keeps the times of a condition that says the same as before. */
const dated = (deployment: Deployment, verdict: Verdict, at: string) => {
  const before = deployment.status?.conditions?.find(({ type }) => type === verdict.type);
  if (before && before.reason === verdict.reason && before.message === verdict.message) return before;
  const turned = before?.status === verdict.status ? before.lastTransitionTime : at;
  return { ...verdict, lastTransitionTime: turned, lastUpdateTime: at };
};

interface View {
  deployment: Deployment;
  /** Absent until its ReplicaSet exists. */
  current: ReplicaSet | undefined;
  sets: ReplicaSet[];
  /** Name that the current ReplicaSet has or will have. */
  name: string;
}

/** Sums over the ReplicaSets' own status. A deadline for progress is not watched. */
export const deploymentStatus = ({ deployment, current, sets, name }: View, now: Date): DeploymentStatus => {
  const wanted = deployment.spec.replicas ?? 1;
  const replicas = sum(sets, 'replicas');
  const available = sum(sets, 'availableReplicas');
  const updated = current ? sum([current], 'replicas') : 0;
  const complete = updated === wanted && replicas === wanted && available >= wanted;
  const at = wholeSeconds(now);
  const verdicts = [availability(deployment, available), progress(name, complete)];
  return {
    replicas,
    updatedReplicas: updated,
    readyReplicas: sum(sets, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, wanted - available),
    observedGeneration: deployment.metadata.generation,
    conditions: verdicts.map((verdict) => dated(deployment, verdict, at)),
  };
};
