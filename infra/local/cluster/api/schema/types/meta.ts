/** Types of the group meta. See ../tables.ts for how to read them. */
export const META: Record<string, string> = {
  Condition: `
    lastTransitionTime Time*, message string*, observedGeneration int64, reason string*, status string*,
    type string*=`,
  DeleteOptions: `
    apiVersion string, dryRun string[], gracePeriodSeconds int64,
    ignoreStoreReadErrorWithClusterBreakingPotential bool, kind string, orphanDependents bool,
    preconditions Preconditions, propagationPolicy string`,
  LabelSelector: '! matchExpressions LabelSelectorRequirement[], matchLabels map<string>',
  LabelSelectorRequirement: 'key string*, operator string*, values string[]',
  ManagedFieldsEntry: `
    apiVersion string, fieldsType string, fieldsV1 fields, manager string, operation string,
    subresource string, time Time`,
  ObjectMeta: `
    annotations map<string>, creationTimestamp Time, deletionGracePeriodSeconds int64,
    deletionTimestamp Time, finalizers string[=], generateName string, generation int64,
    labels map<string>, managedFields ManagedFieldsEntry[], name string, namespace string,
    ownerReferences OwnerReference[uid], resourceVersion string, selfLink string, uid string`,
  OwnerReference: `
    ! apiVersion string*, blockOwnerDeletion bool, controller bool, kind string*, name string*,
    uid string*=`,
  Preconditions: 'resourceVersion string, uid string',
};
