/** What a request asks for, before anybody looks whether it exists. */
import { parsePath } from '../path.ts';
import type { Access, ApiRequest } from '../types.ts';

const VERBS: Record<ApiRequest['method'], string> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

const isSet = (value: string | undefined): boolean => value === 'true' || value === '1';

const collectionVerb = ({ method, query }: ApiRequest): string => {
  if (method === 'DELETE') return 'deletecollection';
  if (method !== 'GET') return VERBS[method];
  return isSet(query?.['watch']) ? 'watch' : 'list';
};

/** A list that a field selector narrows to one object is about that name. */
const selectedName = ({ method, query }: ApiRequest): string | undefined =>
  method === 'GET'
    ? /(?:^|,)metadata\.name==?([^,!=]+)/.exec(query?.['fieldSelector'] ?? '')?.[1]
    : undefined;

/** As `RequestInfo` of Kubernetes reads a request. A namespace itself counts as being in that namespace. */
export const accessOf = (request: ApiRequest): Access => {
  const { method, path } = request;
  const parsed = parsePath(path);
  if (!parsed) return { verb: method.toLowerCase(), path };
  const { version: _, ...resource } = parsed;
  const name = resource.name ?? selectedName(request);
  const isNamespace = resource.group === '' && resource.plural === 'namespaces';
  const namespace = isNamespace ? resource.name : resource.namespace;
  return {
    verb: resource.name === undefined ? collectionVerb(request) : VERBS[method],
    resource: {
      ...resource,
      ...(name !== undefined && { name }),
      ...(namespace !== undefined && { namespace }),
    },
    path,
  };
};
