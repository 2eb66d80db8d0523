/** Reviews that ask for nothing: each route of the endpoint answers one without changing anything. */
import { randomUUID } from 'node:crypto';

export interface Probe {
  /** Below the endpoint's URL. */
  path: string;
  body: { apiVersion: string; kind: string; request: { uid: string; [field: string]: unknown } };
}

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'sidecarset-probe', namespace: 'default' },
  spec: { containers: [{ name: 'main', image: 'probe' }] },
};

const SET = {
  apiVersion: 'apps.kruise.io/v1beta1',
  kind: 'SidecarSet',
  metadata: { name: 'sidecarset-probe' },
  spec: {
    selector: { matchLabels: { 'serverless.sidecarset.io/probe': 'none' } },
    containers: [{ name: 'probe', image: 'probe' }],
  },
};

const admission = (resource: 'pods' | 'sidecarsets', request: object) => {
  const [group, version, kind] =
    resource === 'pods' ? ['', 'v1', 'Pod'] : ['apps.kruise.io', 'v1beta1', 'SidecarSet'];
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: randomUUID(),
      operation: 'CREATE',
      kind: { group, version, kind },
      resource: { group, version, resource },
      userInfo: { username: 'sidecarset-install' },
      object: resource === 'pods' ? POD : SET,
      oldObject: null,
      dryRun: true,
      ...(resource === 'pods' && { namespace: 'default' }),
      ...request,
    },
  };
};

/** For every route; none makes a function read the cluster, so nothing needs to be installed. */
export const outsideProbes = (): Probe[] => [
  { path: 'sidecarset/default', body: admission('sidecarsets', {}) },
  {
    path: 'sidecarset/convert',
    body: {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'ConversionReview',
      request: { uid: randomUUID(), desiredAPIVersion: 'apps.kruise.io/v1beta1', objects: [] },
    },
  },
  // A subresource is none of its business: allowed without a look at the cluster.
  { path: 'inject', body: admission('pods', { subResource: 'status', operation: 'UPDATE', oldObject: POD }) },
  { path: 'observe', body: admission('pods', {}) },
];

/** The creation of a Pod: `inject` reads the SidecarSets and the namespace for it. */
export const insideProbe = (): Probe => ({ path: 'inject', body: admission('pods', {}) });
