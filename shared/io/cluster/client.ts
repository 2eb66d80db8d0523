/** The Kubernetes API over any {@link Transport}. Knows paths, content types and error bodies; decides nothing. */
import type { KubernetesObject, ObjectMeta } from '../../model/kubernetes.ts';
import { PODS, type Resource } from '../../model/resources.ts';
import {
  type Cluster,
  ClusterError,
  type ExecResult,
  type List,
  type ListOptions,
  type ObjectKey,
  type PatchOptions,
} from '../ports.ts';
import type { Transport, TransportRequest, TransportResponse } from './transport.ts';

/** The API server gives up a write after this long, so that no write outlives a claim. */
const WRITE = { timeout: '5s' };
const PAGE = '500';

const CONTENT_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

export const collectionPath = (resource: Resource, namespace?: string): string => {
  const root = resource.group === '' ? '/api/v1' : `/apis/${resource.group}/${resource.version}`;
  const scope = resource.namespaced && namespace !== undefined ? `/namespaces/${namespace}` : '';
  return `${root}${scope}/${resource.plural}`;
};

export const objectPath = (resource: Resource, key: ObjectKey, subresource?: string): string => {
  const path = `${collectionPath(resource, key.namespace)}/${key.name}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
};

const seconds = (text: string | undefined): number | undefined => {
  const value = Number(text);
  return text === undefined || Number.isNaN(value) ? undefined : value;
};

/** The API server's error body, or what can be said without one. */
export const refusal = (request: TransportRequest, response: TransportResponse): ClusterError => {
  const status = (typeof response.body === 'object' && response.body !== null ? response.body : {}) as {
    reason?: string;
    message?: string;
    details?: { retryAfterSeconds?: number; causes?: { reason?: string }[] };
  };
  const message = status.message ?? `the API server answered ${response.status}`;
  return new ClusterError(
    response.status,
    status.reason ?? '',
    `${request.method} ${request.path}: ${message}`,
    {
      retryAfterSeconds: status.details?.retryAfterSeconds ?? seconds(response.headers?.['retry-after']),
      causes: (status.details?.causes ?? []).flatMap(({ reason }) => reason ?? []),
    },
  );
};

interface WireList<T> {
  items?: T[];
  metadata: { resourceVersion?: string; continue?: string };
}

export type ExecInPod = (
  path: string,
  query: [string, string][],
  options?: { seconds?: number },
) => Promise<ExecResult>;

export const createCluster = (transport: Transport, execInPod: ExecInPod): Cluster => {
  const call = async <T>(request: TransportRequest): Promise<T> => {
    const response = await transport(request);
    if (response.status >= 400) throw refusal(request, response);
    return response.body as T;
  };

  const listAll = async <T>(
    resource: Resource,
    options: ListOptions,
    { headers, project = (item) => item }: { headers?: Record<string, string>; project?: (item: T) => T },
  ): Promise<List<T>> => {
    const path = collectionPath(resource, options.namespace);
    const selectors = {
      ...(options.labelSelector && { labelSelector: options.labelSelector }),
      ...(options.fieldSelector && { fieldSelector: options.fieldSelector }),
    };
    const items: T[] = [];
    let page: WireList<T>;
    let next: string | undefined;
    do {
      const query = { ...selectors, limit: PAGE, ...(next && { continue: next }) };
      page = await call<WireList<T>>({ method: 'GET', path, query, headers });
      for (const item of page.items ?? []) items.push(project(item));
      next = page.metadata.continue;
    } while (next);
    return { items, resourceVersion: page.metadata.resourceVersion ?? '' };
  };

  return {
    async get<T extends KubernetesObject>(resource: Resource, key: ObjectKey) {
      const request: TransportRequest = { method: 'GET', path: objectPath(resource, key) };
      const response = await transport(request);
      if (response.status === 404) return undefined;
      if (response.status >= 400) throw refusal(request, response);
      return response.body as T;
    },
    list: (resource, options = {}, project) => listAll(resource, options, { project }),
    listMetadata: (resource, options = {}) =>
      listAll<{ metadata: ObjectMeta }>(resource, options, { headers: { accept: METADATA_ONLY } }),
    create: (resource, object) =>
      call({
        method: 'POST',
        path: collectionPath(resource, object.metadata.namespace),
        query: WRITE,
        body: object,
      }),
    replace: (resource, object, subresource) =>
      call({
        method: 'PUT',
        path: objectPath(resource, object.metadata, subresource),
        query: WRITE,
        body: object,
      }),
    patch: (resource: Resource, key: ObjectKey, patch: unknown, options: PatchOptions) =>
      call({
        method: 'PATCH',
        path: objectPath(resource, key, options.subresource),
        query: WRITE,
        headers: { 'content-type': CONTENT_TYPES[options.type] },
        body: patch,
      }),
    async evict({ name, namespace, uid, resourceVersion }) {
      await call({
        method: 'POST',
        path: objectPath(PODS, { name, namespace }, 'eviction'),
        query: WRITE,
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name, namespace },
          deleteOptions: { preconditions: { uid, resourceVersion } },
        },
      });
    },
    async version() {
      const { major, minor } = await call<Record<'major' | 'minor', string>>({
        method: 'GET',
        path: '/version',
      });
      // Managed clusters write `34+`.
      return { major: Number.parseInt(major, 10), minor: Number.parseInt(minor, 10) };
    },
    async remove(resource, key) {
      const request: TransportRequest = { method: 'DELETE', path: objectPath(resource, key), query: WRITE };
      const response = await transport(request);
      if (response.status >= 400 && response.status !== 404) throw refusal(request, response);
    },
    exec: (pod, container, command, options) =>
      execInPod(
        `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/exec`,
        [
          ['container', container],
          ['stdout', 'true'],
          ['stderr', 'true'],
          ...command.map((word): [string, string] => ['command', word]),
        ],
        options,
      ),
  };
};
