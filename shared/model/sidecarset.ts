/** SidecarSet (`apps.kruise.io`). The model is `v1beta1`, the stored version; `v1alpha1` exists only in `core/validation/convert`. */
import type {
  Condition,
  Container,
  EnvVarSource,
  KubernetesObject,
  LabelSelector,
  Volume,
} from './kubernetes.ts';
import type { WaitingReason } from './waiting.ts';

export type IntOrString = number | string;

export interface SidecarContainer extends Container {
  podInjectPolicy?: 'BeforeAppContainer' | 'AfterAppContainer';
  upgradeStrategy?: { upgradeType?: 'ColdUpgrade' | 'HotUpgrade'; hotUpgradeEmptyImage?: string };
  shareVolumePolicy?: { type?: 'enabled' | 'disabled' };
  shareVolumeDevicePolicy?: { type?: 'enabled' | 'disabled' };
  transferEnv?: {
    sourceContainerName?: string;
    sourceContainerNameFrom?: { fieldRef?: EnvVarSource['fieldRef'] };
    envName?: string;
    envNames?: string[];
  }[];
  resourcesPolicy?: {
    targetContainersMode: 'sum' | 'max';
    targetContainersNameRegex?: string;
    resourcesExpr: {
      limits?: { cpu?: string; memory?: string };
      requests?: { cpu?: string; memory?: string };
    };
  };
}

export interface UpdateStrategy {
  /** `NotUpdate` freezes; any other value acts as `RollingUpdate`. */
  type?: string;
  paused?: boolean;
  selector?: LabelSelector;
  /** How many of all matched Pods stay on the old revision. */
  partition?: IntOrString;
  maxUnavailable?: IntOrString;
  priorityStrategy?: {
    orderPriority?: { orderedKey: string }[];
    weightPriority?: { weight: number; matchSelector: LabelSelector }[];
  };
  scatterStrategy?: { key: string; value: string }[];
}

export interface SidecarSetSpec {
  selector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  initContainers?: SidecarContainer[];
  containers?: SidecarContainer[];
  volumes?: Volume[];
  updateStrategy?: UpdateStrategy;
  injectionStrategy?: {
    paused?: boolean;
    revision?: { customVersion?: string; revisionName?: string; policy?: 'Always' | 'Partial' };
  };
  imagePullSecrets?: { name?: string }[];
  revisionHistoryLimit?: number;
  patchPodMetadata?: { annotations?: Record<string, string>; patchPolicy?: string }[];
  customVersion?: string;
}

/** Who works on the SidecarSet now, and what the last finished run saw. Ours; a foreign CRD prunes it. */
export interface Claim {
  /** Unique for a run. Empty: nobody works on it. */
  holder?: string;
  /** RFC 3339; after it the claim is dead. */
  until?: string;
  /** resourceVersion of the Pod list that the last finished run decided on. */
  listed?: string;
  /** RFC 3339; when that list was made. */
  at?: string;
  /** Pods that an upgrade held when that run had finished. */
  inFlight?: InFlight;
  /** A run after that one has begun to move Pods and did not come to its end. */
  interrupted?: boolean;
}

export interface InFlight {
  pods: number;
  /** `namespace/name`; the last ones that were taken, when there are too many for all to be named. */
  names: string[];
}

/** Pods that are not where the rollout wants them, by reason. Ours. */
export interface Waiting {
  reason: WaitingReason;
  pods: number;
  /** `namespace/name` of up to 10 of them, in the order of the rollout. */
  names: string[];
}

/** Pods were evicted and their owners have not made others in their place yet. Ours. */
export interface Recreating {
  /** How many matched Pods there were before. */
  pods: number;
  /** How many were evicted since then, as far as that is known. */
  evicted?: number;
  /** RFC 3339; until then all that are missing are expected. */
  until: string;
}

export interface SidecarSetStatus {
  observedGeneration?: number;
  matchedPods: number;
  updatedPods: number;
  readyPods: number;
  updatedReadyPods?: number;
  latestRevision?: string;
  collisionCount?: number;
  /** Ours: Progressing, Available, Degraded, Paused; Reconciling and Stalled while they are true. */
  conditions?: Condition[];
  waiting?: Waiting[];
  recreating?: Recreating;
  claim?: Claim;
}

export interface SidecarSet extends KubernetesObject {
  spec: SidecarSetSpec;
  status?: SidecarSetStatus;
}
