/** The resources that are there without a CustomResourceDefinition. */
import { definitionRules } from './kinds/definitions.ts';
import { flowSchemaRules, priorityLevelRules } from './kinds/flowControl.ts';
import { jobRules } from './kinds/jobs.ts';
import {
  configMapRules,
  controllerRevisionRules,
  eventRules,
  namespaceRules,
  nodeRules,
  secretRules,
  serviceAccountRules,
  serviceRules,
} from './kinds/plain.ts';
import { podRules } from './kinds/pods.ts';
import { policyBindingRules, policyRules } from './kinds/policies.ts';
import { clusterRoleBindingRules, clusterRoleRules, roleBindingRules, roleRules } from './kinds/rbac.ts';
import { mutatingWebhookRules, validatingWebhookRules } from './kinds/webhookConfigurations.ts';
import { deploymentRules, replicaSetRules } from './kinds/workloads.ts';
import type { KindRules, ResourceType } from './resourceType.ts';

export const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

interface Options {
  cluster?: true;
  short?: string[];
  sub?: string[];
  /** Namespaces and services can't be deleted as a collection. */
  without?: string;
}

const builtin = (
  place: string,
  [kind, plural]: [string, string],
  rules: KindRules,
  { cluster, short = [], sub = [], without }: Options = {},
): ResourceType => {
  const [version = '', group = ''] = place.split('/').reverse();
  return {
    group,
    version,
    plural,
    singular: kind.toLowerCase(),
    kind,
    namespaced: !cluster,
    shortNames: short,
    categories: ['pods', 'services', 'deployments', 'replicasets', 'jobs'].includes(plural) ? ['all'] : [],
    verbs: VERBS.filter((verb) => verb !== without),
    subresources: sub,
    rules: COLLECTED.includes(plural) ? { ...rules, collected: true } : rules,
    custom: false,
    storageVersion: version,
  };
};

/** A question: it can only be created, and is not kept. */
const answered = (place: string, kind: string, plural: string): ResourceType => ({
  ...builtin(place, [kind, plural], { generation: false, unconditionalUpdate: true }, CLUSTER),
  verbs: ['create'],
});

/** What `controllers/garbage` watches. */
const COLLECTED = [
  'pods',
  'configmaps',
  'secrets',
  'services',
  'serviceaccounts',
  'controllerrevisions',
  'jobs',
  'deployments',
  'replicasets',
];

const STATUS = { sub: ['status'] };
const CLUSTER = { cluster: true as const };

export const BUILTIN: readonly ResourceType[] = [
  builtin('v1', ['Namespace', 'namespaces'], namespaceRules, {
    ...CLUSTER,
    ...STATUS,
    short: ['ns'],
    without: 'deletecollection',
  }),
  builtin('v1', ['Pod', 'pods'], podRules, {
    sub: ['binding', 'ephemeralcontainers', 'eviction', 'exec', 'log', 'resize', 'status'],
    short: ['po'],
  }),
  builtin('v1', ['ConfigMap', 'configmaps'], configMapRules, { short: ['cm'] }),
  builtin('v1', ['Secret', 'secrets'], secretRules),
  builtin('v1', ['Event', 'events'], eventRules, { short: ['ev'] }),
  builtin('v1', ['Node', 'nodes'], nodeRules, { ...CLUSTER, ...STATUS, short: ['no'] }),
  builtin('v1', ['ServiceAccount', 'serviceaccounts'], serviceAccountRules, { short: ['sa'] }),
  builtin('v1', ['Service', 'services'], serviceRules, { ...STATUS, short: ['svc'] }),
  builtin('apps/v1', ['Deployment', 'deployments'], deploymentRules, { ...STATUS, short: ['deploy'] }),
  builtin('apps/v1', ['ReplicaSet', 'replicasets'], replicaSetRules, { ...STATUS, short: ['rs'] }),
  builtin('apps/v1', ['ControllerRevision', 'controllerrevisions'], controllerRevisionRules),
  builtin('batch/v1', ['Job', 'jobs'], jobRules, STATUS),
  builtin(
    'apiextensions.k8s.io/v1',
    ['CustomResourceDefinition', 'customresourcedefinitions'],
    definitionRules,
    { ...CLUSTER, ...STATUS, short: ['crd', 'crds'] },
  ),
  builtin(
    'admissionregistration.k8s.io/v1',
    ['MutatingWebhookConfiguration', 'mutatingwebhookconfigurations'],
    mutatingWebhookRules,
    CLUSTER,
  ),
  builtin(
    'admissionregistration.k8s.io/v1',
    ['ValidatingWebhookConfiguration', 'validatingwebhookconfigurations'],
    validatingWebhookRules,
    CLUSTER,
  ),
  builtin(
    'admissionregistration.k8s.io/v1',
    ['ValidatingAdmissionPolicy', 'validatingadmissionpolicies'],
    policyRules,
    { ...CLUSTER, ...STATUS },
  ),
  builtin(
    'admissionregistration.k8s.io/v1',
    ['ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings'],
    policyBindingRules,
    CLUSTER,
  ),
  builtin('rbac.authorization.k8s.io/v1', ['Role', 'roles'], roleRules),
  builtin('rbac.authorization.k8s.io/v1', ['RoleBinding', 'rolebindings'], roleBindingRules),
  builtin('rbac.authorization.k8s.io/v1', ['ClusterRole', 'clusterroles'], clusterRoleRules, CLUSTER),
  builtin(
    'rbac.authorization.k8s.io/v1',
    ['ClusterRoleBinding', 'clusterrolebindings'],
    clusterRoleBindingRules,
    CLUSTER,
  ),
  builtin('flowcontrol.apiserver.k8s.io/v1', ['FlowSchema', 'flowschemas'], flowSchemaRules, {
    ...CLUSTER,
    ...STATUS,
  }),
  builtin(
    'flowcontrol.apiserver.k8s.io/v1',
    ['PriorityLevelConfiguration', 'prioritylevelconfigurations'],
    priorityLevelRules,
    { ...CLUSTER, ...STATUS },
  ),
  answered('authorization.k8s.io/v1', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews'),
  answered('authentication.k8s.io/v1', 'SelfSubjectReview', 'selfsubjectreviews'),
];
