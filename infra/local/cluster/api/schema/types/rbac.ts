/** Types of the group rbac. See ../tables.ts for how to read them. */
export const RBAC: Record<string, string> = {
  AggregationRule: 'clusterRoleSelectors meta.LabelSelector[]',
  ClusterRole: `
    aggregationRule AggregationRule, apiVersion string, kind string, metadata meta.ObjectMeta,
    rules PolicyRule[]`,
  ClusterRoleBinding: `
    apiVersion string, kind string, metadata meta.ObjectMeta, roleRef RoleRef*, subjects Subject[]`,
  PolicyRule: `
    apiGroups string[], nonResourceURLs string[], resourceNames string[], resources string[],
    verbs string[]*`,
  Role: 'apiVersion string, kind string, metadata meta.ObjectMeta, rules PolicyRule[]',
  RoleBinding: `
    apiVersion string, kind string, metadata meta.ObjectMeta, roleRef RoleRef*, subjects Subject[]`,
  RoleRef: '! apiGroup string*, kind string*, name string*',
  Subject: '! apiGroup string, kind string*, name string*, namespace string',
};
