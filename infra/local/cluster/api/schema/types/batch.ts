/** Types of the group batch. See ../tables.ts for how to read them. */
export const BATCH: Record<string, string> = {
  Job: 'apiVersion string, kind string, metadata meta.ObjectMeta, spec JobSpec, status JobStatus',
  JobCondition: `
    lastProbeTime Time, lastTransitionTime Time, message string, reason string, status string*,
    type string*`,
  JobSpec: `
    activeDeadlineSeconds int64, backoffLimit int32, backoffLimitPerIndex int32, completionMode string,
    completions int32, managedBy string, manualSelector bool, maxFailedIndexes int32, parallelism int32,
    podFailurePolicy PodFailurePolicy, podReplacementPolicy string, selector meta.LabelSelector,
    successPolicy SuccessPolicy, suspend bool, template core.PodTemplateSpec*,
    ttlSecondsAfterFinished int32`,
  JobStatus: `
    active int32, completedIndexes string, completionTime Time, conditions JobCondition[], failed int32,
    failedIndexes string, ready int32, startTime Time, succeeded int32, terminating int32,
    uncountedTerminatedPods UncountedTerminatedPods`,
  PodFailurePolicy: 'rules PodFailurePolicyRule[]*',
  PodFailurePolicyOnExitCodesRequirement: 'containerName string, operator string*, values int32[=]*',
  PodFailurePolicyOnPodConditionsPattern: 'status string*, type string*',
  PodFailurePolicyRule: `
    action string*, onExitCodes PodFailurePolicyOnExitCodesRequirement,
    onPodConditions PodFailurePolicyOnPodConditionsPattern[]`,
  SuccessPolicy: 'rules SuccessPolicyRule[]*',
  SuccessPolicyRule: 'succeededCount int32, succeededIndexes string',
  UncountedTerminatedPods: 'failed string[=], succeeded string[=]',
};
