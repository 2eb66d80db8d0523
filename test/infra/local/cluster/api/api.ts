/** An API server with a clock that stands still until it is moved, and short forms for requests. */
import { createApiServer } from '../../../../../infra/local/cluster/api/server.ts';
import type {
  ApiRequest,
  Watch,
  WatchEvent,
  WebhookCaller,
} from '../../../../../infra/local/cluster/api/types.ts';
import {
  type Answered,
  type Failure,
  type Json,
  PATCH_TYPES,
  type PatchType,
} from '../../../../support/kubernetesApi.ts';

export const START = new Date('2026-01-02T03:04:05Z');

export type { Answered, Json };

export interface Answer {
  status: number;
  object: Answered;
  /** The same body read as `kind: Status`. */
  failure: Failure;
  warnings: string[] | undefined;
}

export interface Event {
  type: WatchEvent['type'];
  object: Answered;
}

const createClock = () => {
  let now = START;
  const timers = new Set<{ at: number; action: () => void }>();
  return {
    now: () => now,
    after(milliseconds: number, action: () => void) {
      const timer = { at: now.getTime() + milliseconds, action };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    pass(milliseconds: number) {
      now = new Date(now.getTime() + milliseconds);
      for (const timer of [...timers]) if (timer.at <= now.getTime() && timers.delete(timer)) timer.action();
    },
    pending: () => timers.size,
  };
};

export const startApi = (options: { callWebhook?: WebhookCaller; historyLimit?: number } = {}) => {
  const clock = createClock();
  const api = createApiServer({ clock, ...options });
  const send = async (request: ApiRequest): Promise<Answer> => {
    const { status, body, warnings } = await api.handle(request);
    return { status, object: body as Answered, failure: body as Answer['failure'], warnings };
  };
  const sure = async (request: ApiRequest): Promise<Answered> => {
    const { status, object } = await send(request);
    if (status >= 400) throw new Error(`${request.method} ${request.path}: ${JSON.stringify(object)}`);
    return object;
  };
  type Query = Record<string, string>;
  const patch = (type: PatchType, path: string, body: unknown, query: Query = {}) =>
    send({ method: 'PATCH', path, query, body, headers: { 'content-type': PATCH_TYPES[type] } });
  return {
    api,
    clock,
    send,
    patch,
    get: (path: string, query: Query = {}) => send({ method: 'GET', path, query }),
    post: (path: string, body: unknown, query: Query = {}) => send({ method: 'POST', path, query, body }),
    put: (path: string, body: unknown, query: Query = {}) => send({ method: 'PUT', path, query, body }),
    remove: (path: string, body?: unknown, query: Query = {}) =>
      send({ method: 'DELETE', path, query, body }),
    /** Rejects on an answer >= 400. */
    sureGet: (path: string, query: Query = {}) => sure({ method: 'GET', path, query }),
    surePost: (path: string, body: unknown) => sure({ method: 'POST', path, body }),
    names: async (path: string, query: Query = {}) =>
      (await sure({ method: 'GET', path, query })).items.map(({ metadata }) => metadata.name),
    watch(path: string, query: Query = {}) {
      const events: Event[] = [];
      const request: ApiRequest = { method: 'GET', path, query: { watch: 'true', ...query } };
      const watch = api.watch(request, (event) => events.push(event as unknown as Event));
      const seen = () => events.map(({ type, object }) => `${type} ${object.metadata.name}`);
      const refused = 'status' in watch ? watch : undefined;
      return { events, seen, refused, stop: () => (watch as Watch).stop() };
    },
  };
};

export type Api = ReturnType<typeof startApi>;

export const PODS = '/api/v1/namespaces/default/pods';
export const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
export const SETS = '/apis/apps.kruise.io/v1beta1/sidecarsets';
export const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const MUTATING = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
export const VALIDATING = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';

export const pod = (name: string, more: { metadata?: Json; spec?: Json } = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...more.metadata },
  spec: { containers: [{ name: 'main', image: 'nginx:1' }], ...more.spec },
});

export const configMap = (name: string, data: Json = {}, metadata: Json = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

/** SidecarSets in two versions, v1beta1 stored, with a status subresource unless `status` is false. */
export const definition = ({ conversion, status = true }: { conversion?: Json; status?: boolean } = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'sidecarsets.apps.kruise.io' },
  spec: {
    group: 'apps.kruise.io',
    scope: 'Cluster',
    names: { plural: 'sidecarsets', kind: 'SidecarSet', singular: 'sidecarset' },
    ...(conversion && { conversion }),
    versions: ['v1alpha1', 'v1beta1'].map((name) => ({
      name,
      served: true,
      storage: name === 'v1beta1',
      schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      ...(status && { subresources: { status: {} } }),
      additionalPrinterColumns: [{ name: 'MATCHED', type: 'integer', jsonPath: '.status.matchedPods' }],
    })),
  },
});

export const sidecarSet = (name: string, spec: Json = {}, version = 'v1beta1') => ({
  apiVersion: `apps.kruise.io/${version}`,
  kind: 'SidecarSet',
  metadata: { name },
  spec,
});

/** One webhook in a configuration of its own. */
export const webhook = (name: string, more: Json = {}) => ({
  metadata: { name },
  webhooks: [
    {
      name: `${name}.example.com`,
      clientConfig: { url: `https://127.0.0.1:1/${name}`, caBundle: 'Q0E=' },
      admissionReviewVersions: ['v1'],
      sideEffects: 'NoneOnDryRun',
      rules: [{ operations: ['*'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
      ...more,
    },
  ],
});
