/** The paths of the Kubernetes API: `/api/v1/...` and `/apis/<group>/<version>/...`. */
import { badRequest } from './errors.ts';

export interface ApiPath {
  group: string;
  version: string;
  plural: string;
  namespace?: string;
  name?: string;
  /** `status`, `log` ... ; deeper paths keep their slashes (`proxy/healthz`). */
  subresource?: string;
}

const NAMESPACE_SUBRESOURCES = ['status', 'finalize'];

const segments = (path: string): string[] => {
  try {
    return path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch {
    throw badRequest(`the path ${path} is not a valid URL path`);
  }
};

const groupVersion = (parts: string[]): { group: string; version: string; rest: string[] } | undefined => {
  const [root, first, second] = parts;
  if (root === 'api' && first) return { group: '', version: first, rest: parts.slice(2) };
  if (root === 'apis' && first && second) return { group: first, version: second, rest: parts.slice(3) };
  return undefined;
};

const isScope = ([root, , plural = '']: string[]): boolean =>
  root === 'namespaces' && plural !== '' && !NAMESPACE_SUBRESOURCES.includes(plural);

/** `undefined` if it is no path of a resource. */
export const parsePath = (path: string): ApiPath | undefined => {
  const start = groupVersion(segments(path));
  if (!start) return undefined;
  const { group, version, rest } = start;
  const namespace = isScope(rest) ? rest[1] : undefined;
  const [plural, name, ...sub] = namespace === undefined ? rest : rest.slice(2);
  if (!plural) return undefined;
  return {
    group,
    version,
    plural,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(sub.length > 0 && { subresource: sub.join('/') }),
  };
};
