import { describe, expect, it } from 'vitest';
import type { RegisteredResource } from '../../../../../infra/local/cluster/api/types.ts';
import { byPriority } from '../../../../../infra/local/cluster/api/versions.ts';
import { aggregatedDiscovery, discoveryDocument } from '../../../../../infra/local/cluster/face/discovery.ts';
import { openapiDocument } from '../../../../../infra/local/cluster/face/openapi.ts';

const resource = (
  group: string,
  version: string,
  kind: string,
  subresources: string[] = [],
): RegisteredResource => ({
  group,
  version,
  plural: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  kind,
  namespaced: true,
  shortNames: [],
  categories: ['all'],
  verbs: ['get', 'list', 'create', 'update', 'patch'],
  subresources,
});

const RESOURCES = [
  resource('', 'v1', 'Pod', ['status', 'exec']),
  resource('example.com', 'v1alpha1', 'Widget', ['status']),
  resource('example.com', 'v1beta1', 'Widget', ['status']),
];

const plain = (path: string) => discoveryDocument(RESOURCES, path);

describe('byPriority', () => {
  it('orders versions as Kubernetes does', () => {
    const versions = [
      'foo',
      'v1alpha1',
      'v1',
      'v10',
      'v2',
      'v11beta2',
      'v10beta3',
      'v3beta1',
      'v12alpha1',
      'bar',
    ];
    expect(versions.sort(byPriority)).toEqual([
      'v10',
      'v2',
      'v1',
      'v11beta2',
      'v10beta3',
      'v3beta1',
      'v12alpha1',
      'v1alpha1',
      'bar',
      'foo',
    ]);
  });
});

describe('discovery', () => {
  it('prefers the most stable version of a group', () => {
    expect(plain('/apis')).toMatchObject({
      groups: [{ name: 'example.com', preferredVersion: { groupVersion: 'example.com/v1beta1' } }],
    });
    expect(plain('/apis/example.com')).toMatchObject({
      kind: 'APIGroup',
      preferredVersion: { version: 'v1beta1' },
    });
  });

  it('names a subresource by the kind that it speaks', () => {
    expect(plain('/api/v1')).toMatchObject({
      groupVersion: 'v1',
      resources: [
        { name: 'pods', kind: 'Pod', categories: ['all'] },
        { name: 'pods/status', kind: 'Pod' },
        { name: 'pods/exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
      ],
    });
  });

  it.each([
    '/apis/other.com',
    '/apis/example.com/v9',
    '/api/v2',
    '/api/v1/pods',
    '/',
  ])('has nothing at %s', (path) => {
    expect(plain(path)).toBeUndefined();
  });

  it('puts all groups into one document if a client asks for that', () => {
    expect(aggregatedDiscovery(RESOURCES, '/apis')).toMatchObject({
      kind: 'APIGroupDiscoveryList',
      items: [
        {
          metadata: { name: 'example.com' },
          versions: [{ version: 'v1beta1', resources: [{ resource: 'widgets', scope: 'Namespaced' }] }, {}],
        },
      ],
    });
  });
});

describe('OpenAPI', () => {
  it('lists a document for each group and version, under an address that changes with it', () => {
    const address = (resources: RegisteredResource[]): string => {
      const { paths } = openapiDocument(resources, '/openapi/v3') as {
        paths: Record<string, { serverRelativeURL: string }>;
      };
      return paths['apis/example.com/v1beta1']?.serverRelativeURL ?? '';
    };
    expect(address(RESOURCES)).toMatch(/^\/openapi\/v3\/apis\/example.com\/v1beta1\?hash=/);
    expect(address([...RESOURCES, resource('example.com', 'v1beta1', 'Gadget')])).not.toBe(
      address(RESOURCES),
    );
  });

  it('says that the server validates fields and runs dry', () => {
    const { paths } = openapiDocument(RESOURCES, '/openapi/v3/api/v1') as {
      paths: Record<string, Record<string, { parameters: { name: string }[] }>>;
    };
    const operation = paths['/api/v1/namespaces/{namespace}/pods/{name}']?.['patch'];
    expect(operation?.parameters.map(({ name }) => name)).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
    ]);
    expect(operation).toMatchObject({
      'x-kubernetes-group-version-kind': { group: '', version: 'v1', kind: 'Pod' },
    });
  });

  it.each(['/openapi/v2', '/openapi/v3/apis/other.com/v1'])('has nothing at %s', (path) => {
    expect(openapiDocument(RESOURCES, path)).toBeUndefined();
  });
});
