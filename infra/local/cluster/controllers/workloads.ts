/** The part of `batch/v1` and `apps/v1` that the embedded controllers read or write. */
import type {
  Condition,
  KubernetesObject,
  LabelSelector,
  PodSpec,
} from '../../../../shared/model/kubernetes.ts';
import type { Resource } from '../../../../shared/model/resources.ts';

const namespaced = (group: string, plural: string, kind: string): Resource => ({
  group,
  version: 'v1',
  plural,
  kind,
  namespaced: true,
});

export const JOBS = namespaced('batch', 'jobs', 'Job');
export const DEPLOYMENTS = namespaced('apps', 'deployments', 'Deployment');
export const REPLICA_SETS = namespaced('apps', 'replicasets', 'ReplicaSet');
export const SECRETS = namespaced('', 'secrets', 'Secret');
export const SERVICES = namespaced('', 'services', 'Service');
export const SERVICE_ACCOUNTS = namespaced('', 'serviceaccounts', 'ServiceAccount');

export interface PodTemplate {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: PodSpec;
}

export interface JobSpec {
  parallelism?: number;
  /** Absent: any success ends the Job, once all Pods are done. */
  completions?: number;
  backoffLimit?: number;
  activeDeadlineSeconds?: number;
  ttlSecondsAfterFinished?: number;
  podReplacementPolicy?: 'TerminatingOrFailed' | 'Failed';
  managedBy?: string;
  suspend?: boolean;
  completionMode?: string;
  manualSelector?: boolean;
  podFailurePolicy?: unknown;
  successPolicy?: unknown;
  backoffLimitPerIndex?: number;
  maxFailedIndexes?: number;
  template: PodTemplate;
}

export interface JobStatus {
  active?: number;
  ready?: number;
  terminating?: number;
  succeeded?: number;
  failed?: number;
  startTime?: string;
  completionTime?: string;
  /** uids of ended Pods that still carry the tracking finalizer, not yet in the counters. */
  uncountedTerminatedPods?: { succeeded?: string[]; failed?: string[] };
  conditions?: Condition[];
}

export interface Job extends KubernetesObject {
  spec: JobSpec;
  status?: JobStatus;
}

export interface ReplicaSetStatus {
  replicas: number;
  fullyLabeledReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  observedGeneration?: number;
  conditions?: Condition[];
}

export interface ReplicaSet extends KubernetesObject {
  spec: { replicas?: number; minReadySeconds?: number; selector: LabelSelector; template: PodTemplate };
  status?: ReplicaSetStatus;
}

export interface DeploymentStatus {
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  observedGeneration?: number;
  conditions?: (Condition & { lastUpdateTime?: string })[];
}

export interface Deployment extends KubernetesObject {
  spec: {
    replicas?: number;
    selector: LabelSelector;
    template: PodTemplate;
    strategy?: {
      type?: 'RollingUpdate' | 'Recreate';
      rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string };
    };
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    paused?: boolean;
  };
  status?: DeploymentStatus;
}
