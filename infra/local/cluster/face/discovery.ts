/** Which groups, versions and resources there are: the documents under /api and /apis, plain and aggregated. */
import type { RegisteredResource } from '../api/types.ts';
import { byPriority } from '../api/versions.ts';

interface Subresource {
  kind?: string;
  group?: string;
  version?: string;
  verbs: string[];
}

/** Subresources that don't speak their parent's kind, and what each can do. */
const SUBRESOURCES: Record<string, Subresource> = {
  status: { verbs: ['get', 'patch', 'update'] },
  ephemeralcontainers: { verbs: ['get', 'patch', 'update'] },
  resize: { verbs: ['get', 'patch', 'update'] },
  log: { verbs: ['get'] },
  exec: { kind: 'PodExecOptions', verbs: ['create', 'get'] },
  binding: { kind: 'Binding', verbs: ['create'] },
  eviction: { kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
  scale: { kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get', 'patch', 'update'] },
};

const subresourceOf = (resource: RegisteredResource, name: string): Required<Subresource> => ({
  kind: resource.kind,
  group: resource.group,
  version: resource.version,
  ...(SUBRESOURCES[name] ?? { verbs: ['get'] }),
});

const groupVersion = (group: string, version: string): string =>
  group === '' ? version : `${group}/${version}`;

const unique = (values: string[]): string[] => [...new Set(values)];

const versionsOf = (resources: RegisteredResource[], group: string): string[] =>
  unique(resources.filter((resource) => resource.group === group).map(({ version }) => version)).sort(
    byPriority,
  );

const namedGroups = (resources: RegisteredResource[]): string[] =>
  unique(resources.map(({ group }) => group)).filter((group) => group !== '');

const apiGroup = (resources: RegisteredResource[], group: string) => {
  const versions = versionsOf(resources, group).map((version) => ({
    groupVersion: groupVersion(group, version),
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] };
};

const resourceEntries = (resource: RegisteredResource) => [
  {
    name: resource.plural,
    singularName: resource.singular,
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs: resource.verbs,
    ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
    ...(resource.categories.length > 0 && { categories: resource.categories }),
  },
  ...resource.subresources.map((name) => {
    const { kind, group, version, verbs } = subresourceOf(resource, name);
    return {
      name: `${resource.plural}/${name}`,
      singularName: '',
      namespaced: resource.namespaced,
      kind,
      verbs,
      ...((group !== resource.group || version !== resource.version) && { group, version }),
    };
  }),
];

const resourceList = (resources: RegisteredResource[], group: string, version: string) => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: groupVersion(group, version),
  resources: resources.flatMap(resourceEntries),
});

const scope = (resource: RegisteredResource): string => (resource.namespaced ? 'Namespaced' : 'Cluster');

const aggregatedEntry = (resource: RegisteredResource) => ({
  resource: resource.plural,
  responseKind: { group: resource.group, version: resource.version, kind: resource.kind },
  scope: scope(resource),
  singularResource: resource.singular,
  verbs: resource.verbs,
  ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
  ...(resource.categories.length > 0 && { categories: resource.categories }),
  ...(resource.subresources.length > 0 && {
    subresources: resource.subresources.map((name) => {
      const { verbs, ...responseKind } = subresourceOf(resource, name);
      return { subresource: name, responseKind, verbs };
    }),
  }),
});

/** All groups with their resources in one document (`apidiscovery.k8s.io/v2`), at `/api` or `/apis`. */
export const aggregatedDiscovery = (resources: RegisteredResource[], path: '/api' | '/apis') => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  metadata: {},
  items: (path === '/api' ? [''] : namedGroups(resources)).map((group) => ({
    metadata: group === '' ? {} : { name: group },
    versions: versionsOf(resources, group).map((version) => ({
      version,
      freshness: 'Current',
      resources: resources
        .filter((resource) => resource.group === group && resource.version === version)
        .map(aggregatedEntry),
    })),
  })),
});

/**
 * The discovery document at `path` (`/api`, `/api/v1`, `/apis`, `/apis/G`, `/apis/G/V`), or `undefined` if nothing of
 * that group or version is served, or the path is another one.
 */
export const discoveryDocument = (resources: RegisteredResource[], path: string): object | undefined => {
  if (path === '/api') return { kind: 'APIVersions', apiVersion: 'v1', versions: versionsOf(resources, '') };
  if (path === '/apis') {
    const groups = namedGroups(resources).map((group) => apiGroup(resources, group));
    return { kind: 'APIGroupList', apiVersion: 'v1', groups };
  }
  const match = /^\/(?:api|apis\/([^/]+))(?:\/([^/]+))?$/.exec(path);
  if (!match) return undefined;
  const [group = '', version] = [match[1], match[2]];
  const served = resources.filter(
    (resource) => resource.group === group && (version === undefined || resource.version === version),
  );
  if (served.length === 0) return undefined;
  if (version !== undefined) return resourceList(served, group, version);
  return { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(resources, group) };
};
