/** A request once its path is understood. */
import { badRequest, methodNotAllowed, notImplemented, unknownPath } from './errors.ts';
import { ingest } from './ingest.ts';
import { isObject, stringsAt } from './json.ts';
import { type ApiPath, parsePath } from './path.ts';
import type { Registry } from './registry.ts';
import type { ResourceType } from './resourceType.ts';
import type { ApiRequest, User } from './types.ts';

export interface Call {
  method: ApiRequest['method'];
  type: ResourceType;
  /** Absent for cluster-scoped resources and for all namespaces. */
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
  query: ReadonlyMap<string, string>;
  headers: ReadonlyMap<string, string>;
  /** The server's own copy. */
  body: unknown;
  user: User;
  dryRun: boolean;
  /** Filled by webhooks. */
  warnings: string[];
}

/** Parts of Kubernetes that this server knows of and does not do, by resource. */
const NOT_DONE: ReadonlyMap<string, readonly string[]> = new Map([
  ['pods', ['attach', 'exec', 'log', 'portforward', 'proxy']],
  ['deployments', ['scale']],
  ['replicasets', ['scale']],
  ['namespaces', ['finalize']],
  ['nodes', ['proxy']],
  ['services', ['proxy']],
  ['serviceaccounts', ['token']],
]);

const STREAMED = ['exec', 'log'];

const checkSubresource = (type: ResourceType, subresource: string): void => {
  const first = subresource.split('/')[0] ?? '';
  const known = type.custom ? ['scale'] : (NOT_DONE.get(type.plural) ?? []);
  if (known.includes(first)) {
    const how = STREAMED.includes(first) ? ' without the HTTPS face' : '';
    throw notImplemented(`the subresource ${type.plural}/${first}${how} is`);
  }
  if (!type.subresources.includes(subresource)) throw unknownPath();
};

const checkScope = (type: ResourceType, path: ApiPath): void => {
  if (!type.namespaced && path.namespace !== undefined) throw unknownPath();
  if (type.namespaced && path.namespace === undefined && path.name !== undefined) throw unknownPath();
};

const isDryRun = (values: string[]): boolean => {
  const unknown = values.find((value) => value !== 'All');
  if (unknown !== undefined)
    throw badRequest(`dryRun: Unsupported value: "${unknown}": supported values: "All"`);
  return values.length > 0;
};

const dryRunValues = (request: ApiRequest): string[] => {
  const query = request.query?.['dryRun'];
  if (query !== undefined) return [query];
  return request.method === 'DELETE' && isObject(request.body) ? stringsAt(request.body, 'dryRun') : [];
};

const entries = (record: Record<string, string> | undefined): [string, string][] =>
  Object.entries(record ?? {}).filter(([, value]) => value !== undefined);

/** Who asks; without a user it is the server itself. */
export const userOf = ({ user }: ApiRequest): User =>
  user ?? { username: 'system:unsecured', groups: ['system:masters'] };

/** A request for a subresource that is served elsewhere (`exec`). Throws 404 for what is not served at all. */
export const readConnection = (registry: Registry, request: ApiRequest) => {
  const path = parsePath(request.path);
  const type = path && registry.find(path);
  if (!path || !type) throw unknownPath();
  const { namespace, name, subresource } = path;
  return { type, namespace, name, subresource, user: userOf(request) };
};

/** Throws 404 for what is not served and 501 for what Kubernetes serves and this server does not. */
export const readCall = (registry: Registry, request: ApiRequest): Call => {
  const path = parsePath(request.path);
  const type = path && registry.find(path);
  if (!path || !type) throw unknownPath();
  checkScope(type, path);
  if (path.subresource !== undefined) checkSubresource(type, path.subresource);
  return {
    method: request.method,
    type,
    namespace: path.namespace,
    name: path.name,
    subresource: path.subresource,
    query: new Map(entries(request.query)),
    headers: new Map(entries(request.headers)),
    body: ingest(request.body),
    user: userOf(request),
    dryRun: isDryRun(dryRunValues(request)),
    warnings: [],
  };
};

/** The name in a path that must have one. */
export const nameOf = (call: Call): string => {
  if (call.name === undefined) throw methodNotAllowed();
  return call.name;
};
