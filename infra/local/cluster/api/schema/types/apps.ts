/** Types of the group apps. See ../tables.ts for how to read them. */
export const APPS: Record<string, string> = {
  ControllerRevision: 'apiVersion string, data any, kind string, metadata meta.ObjectMeta, revision int64*',
  Deployment: `
    apiVersion string, kind string, metadata meta.ObjectMeta, spec DeploymentSpec,
    status DeploymentStatus`,
  DeploymentCondition: `
    lastTransitionTime Time, lastUpdateTime Time, message string, reason string, status string*,
    type string*=`,
  DeploymentSpec: `
    minReadySeconds int32, paused bool, progressDeadlineSeconds int32, replicas int32,
    revisionHistoryLimit int32, selector meta.LabelSelector*, strategy DeploymentStrategy,
    template core.PodTemplateSpec*`,
  DeploymentStatus: `
    availableReplicas int32, collisionCount int32, conditions DeploymentCondition[type],
    observedGeneration int64, readyReplicas int32, replicas int32, terminatingReplicas int32,
    unavailableReplicas int32, updatedReplicas int32`,
  DeploymentStrategy: 'rollingUpdate RollingUpdateDeployment, type string',
  ReplicaSet: `
    apiVersion string, kind string, metadata meta.ObjectMeta, spec ReplicaSetSpec,
    status ReplicaSetStatus`,
  ReplicaSetCondition: `
    lastTransitionTime Time, message string, reason string, status string*, type string*=`,
  ReplicaSetSpec: `
    minReadySeconds int32, replicas int32, selector meta.LabelSelector*, template core.PodTemplateSpec`,
  ReplicaSetStatus: `
    availableReplicas int32, conditions ReplicaSetCondition[type], fullyLabeledReplicas int32,
    observedGeneration int64, readyReplicas int32, replicas int32*, terminatingReplicas int32`,
  RollingUpdateDeployment: 'maxSurge IntOrString, maxUnavailable IntOrString',
};
