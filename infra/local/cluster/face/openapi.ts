/**
 * The part of OpenAPI v3 that kubectl reads before a write: which kinds take `fieldValidation` and `dryRun` (validation
 * is then the server's) and which patch types. Without strategic merge in it, kubectl uses its own Go types for the
 * built-in kinds and JSON merge patches for the rest, which is what an API server's full document leads to as well.
 * Schemas are those of custom resources: `kubectl explain` has nothing to show for built-in kinds.
 */
import { createHash } from 'node:crypto';
import type { RegisteredResource } from '../api/types.ts';
import { publishedSchemas } from './openapiSchemas.ts';

const PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}));

const WRITES = [
  { verb: 'create', method: 'post', action: 'post', types: ['*/*'], named: false },
  { verb: 'update', method: 'put', action: 'put', types: ['*/*'], named: true },
  {
    verb: 'patch',
    method: 'patch',
    action: 'patch',
    types: ['application/json-patch+json', 'application/merge-patch+json'],
    named: true,
  },
];

const rootOf = ({ group, version }: RegisteredResource): string =>
  group === '' ? `api/${version}` : `apis/${group}/${version}`;

const operation = (resource: RegisteredResource, action: string, types: string[]) => ({
  parameters: PARAMETERS,
  requestBody: { content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'object' } }])) },
  responses: { 200: { description: 'OK' } },
  'x-kubernetes-action': action,
  'x-kubernetes-group-version-kind': {
    group: resource.group,
    version: resource.version,
    kind: resource.kind,
  },
});

const operations = (resource: RegisteredResource, named: boolean) =>
  Object.fromEntries(
    WRITES.filter((write) => write.named === named && resource.verbs.includes(write.verb)).map((write) => [
      write.method,
      operation(resource, write.action, write.types),
    ]),
  );

const pathsOf = (resource: RegisteredResource): [string, object][] => {
  const scope = resource.namespaced ? '/namespaces/{namespace}' : '';
  const collection = `/${rootOf(resource)}${scope}/${resource.plural}`;
  return [
    [collection, operations(resource, false)],
    [`${collection}/{name}`, operations(resource, true)],
  ];
};

const groupVersionDocument = (resources: RegisteredResource[]) => ({
  openapi: '3.0.0',
  info: { title: 'Kubernetes', version: 'v1.34.0' },
  paths: Object.fromEntries(resources.flatMap(pathsOf)),
  components: { schemas: publishedSchemas(resources) },
});

const documents = (resources: RegisteredResource[]): Map<string, object> =>
  new Map(
    [...Map.groupBy(resources, rootOf)].map(
      ([root, served]) => [root, groupVersionDocument(served)] as const,
    ),
  );

const hashOf = (document: object): string =>
  createHash('sha256').update(JSON.stringify(document)).digest('hex').toUpperCase();

/** The document at `/openapi/v3` or `/openapi/v3/<api/v1 | apis/G/V>`; `undefined` if there is none at `path`. */
export const openapiDocument = (resources: RegisteredResource[], path: string): object | undefined => {
  if (path === '/openapi/v3') {
    const entries = [...documents(resources)].map(([root, document]) => [
      root,
      { serverRelativeURL: `/openapi/v3/${root}?hash=${hashOf(document)}` },
    ]);
    return { paths: Object.fromEntries(entries) };
  }
  const root = /^\/openapi\/v3\/(.+)$/.exec(path)?.[1];
  return root === undefined ? undefined : documents(resources).get(root);
};
