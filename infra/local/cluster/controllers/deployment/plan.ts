import type { Pod } from '../../../../../shared/model/kubernetes.ts';
import { type Action, NOTHING, notSupported, type Plan, type Subject } from '../plan.ts';
import { controllerReference } from '../pods.ts';
import { same } from '../same.ts';
import { DEPLOYMENTS, type Deployment, REPLICA_SETS, type ReplicaSet } from '../workloads.ts';
import { fenceOf, newReplicas, oldReplicas, replicasOf } from './rolling.ts';
import { deploymentStatus } from './status.ts';
import { isCurrent, LABEL_TEMPLATE_HASH, templateHash } from './template.ts';

export const ANNOTATION_REVISION = 'deployment.kubernetes.io/revision';
const DEFAULT_HISTORY = 10;

interface View {
  deployment: Deployment;
  current: ReplicaSet | undefined;
  /** Oldest first. */
  old: ReplicaSet[];
  pods: Pod[];
}

const subjectOf = (deployment: Deployment): Subject => ({
  resource: DEPLOYMENTS,
  metadata: deployment.metadata,
});

const revisionOf = ({ metadata }: ReplicaSet): number =>
  Number(metadata.annotations?.[ANNOTATION_REVISION] ?? 0);

const nameOf = ({ metadata, spec }: Deployment): string => `${metadata.name}-${templateHash(spec.template)}`;

const scaled = (deployment: Deployment, name: string, from: number, to: number): Action => ({
  kind: 'event',
  on: subjectOf(deployment),
  type: 'Normal',
  reason: 'ScalingReplicaSet',
  message: `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`,
});

const scale = (deployment: Deployment, set: ReplicaSet, to: number): Action[] => {
  const { name, uid, resourceVersion } = set.metadata;
  const from = replicasOf(set);
  if (from === to) return [];
  return [
    {
      kind: 'patch',
      subject: { resource: REPLICA_SETS, metadata: set.metadata },
      patch: { metadata: { uid, resourceVersion }, spec: { replicas: to } },
    },
    scaled(deployment, name, from, to),
  ];
};

const newSet = (deployment: Deployment, replicas: number, revision: number): ReplicaSet => {
  const { metadata, spec } = deployment;
  const hash = { [LABEL_TEMPLATE_HASH]: templateHash(spec.template) };
  const labels = { ...spec.template.metadata?.labels, ...hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: nameOf(deployment),
      namespace: metadata.namespace,
      labels,
      annotations: { [ANNOTATION_REVISION]: String(revision) },
      ownerReferences: [controllerReference(subjectOf(deployment))],
    },
    spec: {
      replicas,
      ...(spec.minReadySeconds !== undefined && { minReadySeconds: spec.minReadySeconds }),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, ...hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  };
};

const createSet = (view: View, replicas: number): Action[] => {
  const object = newSet(view.deployment, replicas, Math.max(0, ...view.old.map(revisionOf)) + 1);
  return [
    { kind: 'create', resource: REPLICA_SETS, object },
    scaled(view.deployment, object.metadata.name, 0, replicas),
  ];
};

const rolling = (view: View): Action[] => {
  const { deployment, current, old } = view;
  const fence = fenceOf(deployment);
  const wanted = newReplicas(fence, current, old);
  if (!current) return createSet(view, wanted);
  const up = scale(deployment, current, wanted);
  if (up.length > 0) return up;
  const counts = oldReplicas(fence, current, old);
  return old.flatMap((set, index) => scale(deployment, set, counts[index] ?? replicasOf(set)));
};

const stillRuns = ({ status }: Pod): boolean => status?.phase !== 'Succeeded' && status?.phase !== 'Failed';

/** All old Pods end, those that are being deleted too, before the first new one is made. */
const recreate = (view: View): Action[] => {
  const { deployment, current, old, pods } = view;
  const down = old.flatMap((set) => scale(deployment, set, 0));
  const hash = current?.metadata.labels?.[LABEL_TEMPLATE_HASH];
  const before = pods.filter(
    (pod) => hash === undefined || pod.metadata.labels?.[LABEL_TEMPLATE_HASH] !== hash,
  );
  if (down.length > 0 || before.some(stillRuns)) return down;
  const wanted = deployment.spec.replicas ?? 1;
  return current ? scale(deployment, current, wanted) : createSet(view, wanted);
};

const annotate = (subject: Subject, revision: number): Action[] =>
  subject.metadata.annotations?.[ANNOTATION_REVISION] === String(revision)
    ? []
    : [
        {
          kind: 'patch',
          subject,
          patch: {
            metadata: { uid: subject.metadata.uid, annotations: { [ANNOTATION_REVISION]: String(revision) } },
          },
        },
      ];

/** The current ReplicaSet has the highest revision, also after a rollback; the Deployment carries it. */
const numbered = ({ deployment, current, old }: View): Action[] => {
  if (!current) return [];
  const highest = Math.max(0, ...old.map(revisionOf));
  const revision = revisionOf(current) > highest ? revisionOf(current) : highest + 1;
  return [
    ...annotate({ resource: REPLICA_SETS, metadata: current.metadata }, revision),
    ...annotate(subjectOf(deployment), revision),
  ];
};

const forgotten = ({ deployment, old }: View): Action[] => {
  const idle = old.filter((set) => replicasOf(set) === 0 && (set.status?.replicas ?? 0) === 0);
  const excess = Math.max(0, idle.length - (deployment.spec.revisionHistoryLimit ?? DEFAULT_HISTORY));
  return idle
    .slice(0, excess)
    .map(({ metadata }) => ({ kind: 'remove', subject: { resource: REPLICA_SETS, metadata } }));
};

/**
 * What a Deployment needs now, by the rules of the Deployment controller: status, then ReplicaSets. Replicas that
 * change in the middle of a rollout are not spread over the ReplicaSets in proportion; the rollout itself gets there.
 *
 * @param sets the ReplicaSets that the Deployment controls
 * @param pods the Pods that its selector finds (asked for only by `Recreate`)
 */
export const planDeployment = (deployment: Deployment, sets: ReplicaSet[], pods: Pod[], now: Date): Plan => {
  if (deployment.metadata.deletionTimestamp !== undefined) return NOTHING;
  if (deployment.spec.paused) return { actions: [notSupported(subjectOf(deployment), 'spec.paused')] };
  const ordered = sets.toSorted((one, other) => revisionOf(one) - revisionOf(other));
  const current = ordered.findLast((set) => isCurrent(deployment, set));
  const view: View = { deployment, current, old: ordered.filter((set) => set !== current), pods };

  const name = current?.metadata.name ?? nameOf(deployment);
  const status = deploymentStatus({ deployment, current, sets, name }, now);
  const write: Action[] = same(status, deployment.status)
    ? []
    : [{ kind: 'status', resource: DEPLOYMENTS, object: { ...deployment, status } }];
  const move = deployment.spec.strategy?.type === 'Recreate' ? recreate(view) : rolling(view);
  return { actions: [...write, ...move, ...numbered(view), ...forgotten(view)] };
};
