/** The roles that every cluster has from the start, as far as they are of use here (no `admin`, `edit`, `view`). */
import type { ApiObject } from '../objects.ts';
import { RBAC } from './authorizer.ts';

const HEALTH = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const DISCOVERY = ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'];

const ROLES: { name: string; rules: object[]; groups: string[] }[] = [
  {
    name: 'cluster-admin',
    rules: [
      { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      { verbs: ['*'], nonResourceURLs: ['*'] },
    ],
    groups: ['system:masters'],
  },
  {
    name: 'system:basic-user',
    rules: [
      { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews'] },
      { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
    ],
    groups: ['system:authenticated'],
  },
  {
    name: 'system:discovery',
    rules: [{ verbs: ['get'], nonResourceURLs: [...DISCOVERY, ...HEALTH].sort() }],
    groups: ['system:authenticated'],
  },
  {
    name: 'system:public-info-viewer',
    rules: [{ verbs: ['get'], nonResourceURLs: HEALTH }],
    groups: ['system:authenticated', 'system:unauthenticated'],
  },
];

const MARKS = {
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
};

/** ClusterRoles and ClusterRoleBindings, without what the server owns. */
export const FIRST_ROLES: { plural: string; object: ApiObject }[] = ROLES.flatMap(
  ({ name, rules, groups }) => {
    const apiVersion = `${RBAC}/v1`;
    const metadata = { name, ...MARKS };
    return [
      { plural: 'clusterroles', object: { apiVersion, kind: 'ClusterRole', metadata, rules } },
      {
        plural: 'clusterrolebindings',
        object: {
          apiVersion,
          kind: 'ClusterRoleBinding',
          metadata,
          subjects: groups.map((group) => ({ kind: 'Group', apiGroup: RBAC, name: group })),
          roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
        },
      },
    ];
  },
);
