/** API resources by their path segments. */
export interface Resource {
  group: string;
  version: string;
  plural: string;
  kind: string;
  namespaced: boolean;
}

const core = (plural: string, kind: string, namespaced = true): Resource => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced,
});

export const PODS = core('pods', 'Pod');
export const CONFIG_MAPS = core('configmaps', 'ConfigMap');
export const EVENTS = core('events', 'Event');
export const SERVICE_ACCOUNTS = core('serviceaccounts', 'ServiceAccount');
export const LIMIT_RANGES = core('limitranges', 'LimitRange');
export const RESOURCE_QUOTAS = core('resourcequotas', 'ResourceQuota');
export const NAMESPACES = core('namespaces', 'Namespace', false);
export const JOBS: Resource = {
  group: 'batch',
  version: 'v1',
  plural: 'jobs',
  kind: 'Job',
  namespaced: true,
};
export const CONTROLLER_REVISIONS: Resource = {
  group: 'apps',
  version: 'v1',
  plural: 'controllerrevisions',
  kind: 'ControllerRevision',
  namespaced: true,
};
export const SIDECARSETS: Resource = {
  group: 'apps.kruise.io',
  version: 'v1beta1',
  plural: 'sidecarsets',
  kind: 'SidecarSet',
  namespaced: false,
};
export const CUSTOM_RESOURCE_DEFINITIONS: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
};
