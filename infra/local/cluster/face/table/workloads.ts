/** Jobs, Deployments and ReplicaSets as kubectl shows them. */
import type {
  Condition,
  KubernetesObject,
  LabelSelector,
  PodSpec,
} from '../../../../../shared/model/kubernetes.ts';
import { AGE, type Column, count, integer, labels, NAME, text, wide } from './column.ts';
import { humanDuration } from './duration.ts';

interface Workload extends KubernetesObject {
  spec: { selector?: LabelSelector; template?: { spec?: PodSpec } };
}

interface Replicated extends Workload {
  spec: Workload['spec'] & { replicas?: number };
  status?: {
    replicas?: number;
    readyReplicas?: number;
    updatedReplicas?: number;
    availableReplicas?: number;
  };
}

interface Job extends Workload {
  spec: Workload['spec'] & { completions?: number; parallelism?: number };
  status?: { succeeded?: number; startTime?: string; completionTime?: string; conditions?: Condition[] };
}

const requirement = ({
  key,
  operator,
  values = [],
}: NonNullable<LabelSelector['matchExpressions']>[number]) => {
  switch (operator) {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'In':
      return `${key} in (${values.join(',')})`;
    case 'NotIn':
      return `${key} notin (${values.join(',')})`;
    default:
      return operator satisfies never;
  }
};

const selectorText = ({ spec: { selector } }: Workload): string =>
  [
    ...Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(selector?.matchExpressions ?? []).map(requirement),
  ].join(',') || labels({});

const containers = ({ spec }: Workload) => spec.template?.spec?.containers ?? [];

const TEMPLATE: Column<Workload>[] = [
  wide(
    text('Containers', (workload) =>
      containers(workload)
        .map(({ name }) => name)
        .join(','),
    ),
  ),
  wide(
    text('Images', (workload) =>
      containers(workload)
        .map(({ image }) => image)
        .join(','),
    ),
  ),
  wide(text('Selector', selectorText)),
];

const desired = ({ spec }: Replicated): number => spec.replicas ?? 1;

export const DEPLOYMENT_COLUMNS: Column<Replicated>[] = [
  NAME,
  text('Ready', (deployment) => `${deployment.status?.readyReplicas ?? 0}/${desired(deployment)}`),
  count('Up-to-date', ({ status }) => status?.updatedReplicas),
  count('Available', ({ status }) => status?.availableReplicas),
  AGE,
  ...TEMPLATE,
];

export const REPLICA_SET_COLUMNS: Column<Replicated>[] = [
  NAME,
  integer('Desired', desired),
  integer('Current', ({ status }) => status?.replicas),
  integer('Ready', ({ status }) => status?.readyReplicas),
  AGE,
  ...TEMPLATE,
];

const completions = ({ spec, status }: Job): string => {
  const succeeded = status?.succeeded ?? 0;
  if (spec.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec.parallelism ?? 1;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
};

const jobStatus = ({ metadata, status }: Job): string => {
  const holds = (type: string) =>
    (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
  if (holds('Complete')) return 'Complete';
  if (holds('Failed')) return 'Failed';
  if (metadata.deletionTimestamp) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(holds) ?? 'Running';
};

const jobDuration = ({ status }: Job, now: Date): string => {
  if (!status?.startTime) return '';
  const end = status.completionTime ? Date.parse(status.completionTime) : now.getTime();
  return humanDuration(end - Date.parse(status.startTime));
};

export const JOB_COLUMNS: Column<Job>[] = [
  NAME,
  text('Status', jobStatus),
  text('Completions', completions),
  text('Duration', jobDuration),
  AGE,
  ...TEMPLATE,
];
