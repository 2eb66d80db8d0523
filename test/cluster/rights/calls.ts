/** What a function asks of the API server, recorded, and what the shipped roles let it ask. */
import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import type { FunctionName } from '../../../infra/identities.ts';
import { parsePath } from '../../../infra/local/cluster/api/path.ts';
import type { ClusterAccess } from '../../../shared/io/cluster/access.ts';
import { createCluster } from '../../../shared/io/cluster/client.ts';
import { createExec } from '../../../shared/io/cluster/exec.ts';
import { createHttpsTransport } from '../../../shared/io/cluster/https.ts';
import { type Cluster, ClusterError } from '../../../shared/io/ports.ts';

export interface Call {
  method: string;
  path: string;
  /** Of the answer. */
  status: number;
}

/** The functions' own client; every call is added to `calls`. */
export const recordedCluster = (access: ClusterAccess, calls: Call[]): Cluster => {
  const send = createHttpsTransport(access);
  const exec = createExec(access);
  return createCluster(
    async (request) => {
      const answer = await send(request);
      calls.push({ method: request.method, path: request.path, status: answer.status });
      return answer;
    },
    async (path, query, options) => {
      try {
        const result = await exec(path, query, options);
        calls.push({ method: 'GET', path, status: 101 });
        return result;
      } catch (fault) {
        // A WebSocket starts as a GET.
        if (fault instanceof ClusterError) calls.push({ method: 'GET', path, status: fault.code });
        throw fault;
      }
    },
  );
};

export interface Right {
  verb: string;
  group: string;
  /** `pods`, `pods/status`; a path that is none of a resource: `/version` */
  resource: string;
  /** Absent: in all of them. */
  namespace?: string;
  /** Absent: all of them. */
  name?: string;
}

/** `list pods`, `delete apps/controllerrevisions in sidecarset-system`, `get configmaps x in sidecarset-system` */
export const textOf = ({ verb, group, resource, namespace, name }: Right): string =>
  [
    verb,
    `${group === '' ? '' : `${group}/`}${resource}`,
    ...(name === undefined ? [] : [name]),
    ...(namespace === undefined ? [] : [`in ${namespace}`]),
  ].join(' ');

const VERBS: Record<string, string> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** The right that a call needs, in its namespace and for its object. */
const rightOf = ({ method, path }: Call): Right => {
  if (path === '/version') return { verb: 'get', group: '', resource: path };
  const parsed = parsePath(path);
  if (!parsed) throw new Error(`${path} is no path of a resource`);
  const { group, plural, name, namespace, subresource } = parsed;
  const verb = VERBS[method] ?? (name === undefined ? 'list' : 'get');
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  return { verb, group, resource, namespace, name };
};

interface Role {
  kind: string;
  metadata: { namespace?: string };
  rules: {
    apiGroups?: string[];
    resources?: string[];
    resourceNames?: string[];
    nonResourceURLs?: string[];
    verbs: string[];
  }[];
}

const RIGHTS = new URL('../../../infra/cluster/rights/', import.meta.url);

/** What the shipped ClusterRole and Roles give. */
export const grantedTo = async (name: FunctionName): Promise<Right[]> => {
  const documents = parseAllDocuments(await readFile(new URL(`${name}.yaml`, RIGHTS), 'utf8'));
  const roles = documents
    .map((document) => document.toJS() as Role)
    .filter(({ kind }) => kind === 'ClusterRole' || kind === 'Role');
  return roles.flatMap(({ metadata: { namespace }, rules }) =>
    rules.flatMap(
      ({ apiGroups = [''], resources, nonResourceURLs = [], resourceNames = [undefined], verbs }) =>
        apiGroups.flatMap((group) =>
          (resources ?? nonResourceURLs).flatMap((resource) =>
            resourceNames.flatMap((only) =>
              verbs.map((verb) => ({ verb, group, resource, namespace, name: only })),
            ),
          ),
        ),
    ),
  );
};

/** The texts of the rights that the calls needed: the narrowest that was enough, else that of a whole ClusterRole. */
export const neededFor = (calls: Call[], granted: Right[]): string[] => {
  const known = new Set(granted.map(textOf));
  const needed = calls.map(rightOf).map((right) => {
    const inNamespace = { ...right, name: undefined };
    const everywhere = { ...inNamespace, namespace: undefined };
    return [right, inNamespace].map(textOf).find((text) => known.has(text)) ?? textOf(everywhere);
  });
  return [...new Set(needed)];
};
