/** The resources that are there without a CustomResourceDefinition. */
import { definitionRules } from './kinds/definitions.ts';
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
  builtin('v1', ['Pod', 'pods'], podRules, { sub: ['binding', 'exec', 'log', 'status'], short: ['po'] }),
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
];
