/** What the messages of every group are made of. See ../tables.ts for how to read them. */
export const META: Record<string, string> = {
  Unknown: '1 typeMeta TypeMeta!, 2 raw bytes!, 3 contentEncoding string, 4 contentType string',
  TypeMeta: '1 apiVersion string!, 2 kind string!',
  'map<string>': '1 key string!, 2 value string!',
  'map<bytes>': '1 key string!, 2 value bytes!',
  'map<Quantity>': '1 key string!, 2 value Quantity!',
  Quantity: '1 string string!',
  IntOrString: '1 type int64!, 2 intVal int32!, 3 strVal string!',
  Time: '1 seconds int64!, 2 nanos int32!',
  DeleteOptions: `
    1 gracePeriodSeconds int64!, 2 preconditions Preconditions!, 3 orphanDependents bool!,
    4 propagationPolicy string!, 5 dryRun string[], 6 ignoreStoreReadErrorWithClusterBreakingPotential bool!`,
  ObjectMeta: `
    1 name string, 2 generateName string, 3 namespace string, 4 selfLink string, 5 uid string,
    6 resourceVersion string, 7 generation int64, 8 creationTimestamp Time, 9 deletionTimestamp Time!,
    10 deletionGracePeriodSeconds int64!, 11 labels map<string>, 12 annotations map<string>,
    13 ownerReferences OwnerReference[], 14 finalizers string[]`,
  Preconditions: '1 uid string!, 2 resourceVersion string!',
  OwnerReference: `
    1 kind string!, 3 name string!, 4 uid string!, 5 apiVersion string!, 6 controller bool!,
    7 blockOwnerDeletion bool!`,
  LabelSelector: '1 matchLabels map<string>, 2 matchExpressions LabelSelectorRequirement[]',
  LabelSelectorRequirement: '1 key string!, 2 operator string!, 3 values string[]',
  LocalObjectReference: '1 name string',
};
