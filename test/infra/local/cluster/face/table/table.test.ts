import { describe, expect, it } from 'vitest';
import type { RegisteredResource } from '../../../../../../infra/local/cluster/api/types.ts';
import { type IncludeObject, toTable } from '../../../../../../infra/local/cluster/face/table/table.ts';

const now = new Date('2026-01-01T00:01:00Z');
const metadata = { name: 'one', creationTimestamp: '2026-01-01T00:00:00Z', resourceVersion: '7' };

const widget = (printerColumns?: RegisteredResource['printerColumns']): RegisteredResource => ({
  group: 'example.com',
  version: 'v1',
  plural: 'widgets',
  singular: 'widget',
  kind: 'Widget',
  namespaced: true,
  shortNames: [],
  categories: [],
  verbs: [],
  subresources: [],
  printerColumns,
});

const options = (includeObject: IncludeObject = 'None', resources: RegisteredResource[] = []) => ({
  resources,
  includeObject,
  now,
});

const cellsOf = (object: Parameters<typeof toTable>[0], resources: RegisteredResource[] = []) =>
  toTable(object, options('None', resources)).table.rows.map(({ cells }) => cells);

describe('toTable', () => {
  it.each([
    [
      'a Job that runs',
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        spec: { completions: 1 },
        status: { startTime: '2026-01-01T00:00:30Z' },
      },
      ['one', 'Running', '0/1', '30s', '60s'],
    ],
    [
      'a Job that is complete',
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        spec: { completions: 2 },
        status: {
          succeeded: 2,
          startTime: '2026-01-01T00:00:30Z',
          completionTime: '2026-01-01T00:00:35Z',
          conditions: [{ type: 'Complete', status: 'True' }],
        },
      },
      ['one', 'Complete', '2/2', '5s', '60s'],
    ],
    [
      'a Deployment',
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        spec: { replicas: 3 },
        status: { readyReplicas: 1, updatedReplicas: 3, availableReplicas: 1 },
      },
      ['one', '1/3', 3, 1, '60s'],
    ],
    ['a ConfigMap', { apiVersion: 'v1', kind: 'ConfigMap', data: { a: '1', b: '2' } }, ['one', 2, '60s']],
    ['a Secret', { apiVersion: 'v1', kind: 'Secret', type: 'Opaque' }, ['one', 'Opaque', 0, '60s']],
    [
      'a Node',
      {
        apiVersion: 'v1',
        kind: 'Node',
        status: { conditions: [{ type: 'Ready', status: 'True' }], nodeInfo: { kubeletVersion: 'v1.34.0' } },
      },
      ['one', 'Ready', '<none>', '60s', 'v1.34.0'],
    ],
    [
      'a kind without columns of its own',
      { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind: 'FlowSchema' },
      ['one', '60s'],
    ],
  ])('shows %s', (_name, object, narrow) => {
    const [cells] = cellsOf({ ...object, metadata });
    expect(cells?.slice(0, narrow.length)).toEqual(narrow);
  });

  it('makes a row for each item of a list and keeps the list metadata', () => {
    const list = {
      kind: 'ConfigMapList',
      apiVersion: 'v1',
      metadata: { name: '', resourceVersion: '9', continue: 'next' },
      items: [{ metadata }, { metadata: { ...metadata, name: 'two' } }],
    };
    const { table } = toTable(list, options());
    expect(table.rows.map(({ cells }) => cells[0])).toEqual(['one', 'two']);
    expect(table.metadata).toMatchObject({ resourceVersion: '9', continue: 'next' });
  });

  it('shows the printer columns of a custom resource by their types', () => {
    const resource = widget([
      { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
      { name: 'Wrong', type: 'integer', jsonPath: '.spec.color' },
      { name: 'Missing', type: 'string', jsonPath: '.spec.nothing' },
      { name: 'Made', type: 'date', jsonPath: '.metadata.creationTimestamp', priority: 1 },
    ]);
    const object = {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata,
      spec: { size: 3, color: 'red' },
    };
    expect(cellsOf(object, [resource])).toEqual([['one', 3, null, null, '60s']]);
  });

  it('says which printer column it can not compute', () => {
    const resource = widget([{ name: 'All', type: 'string', jsonPath: '.spec.parts[*].name' }]);
    const object = { apiVersion: 'example.com/v1', kind: 'Widget', metadata };
    const { table, warnings } = toTable(object, options('None', [resource]));
    expect(table.rows[0]?.cells).toEqual(['one', '<unsupported>']);
    expect(warnings).toEqual([expect.stringContaining('printer column All of Widget')]);
  });

  it.each<[IncludeObject, unknown]>([
    ['None', null],
    ['Metadata', { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }],
    ['Object', { kind: 'ConfigMap', apiVersion: 'v1', metadata, data: { a: '1' } }],
  ])('carries in its rows what includeObject=%s asks for', (includeObject, object) => {
    const item = { metadata, data: { a: '1' } };
    const list = { kind: 'ConfigMapList', apiVersion: 'v1', metadata, items: [item] };
    expect(toTable(list, options(includeObject)).table.rows[0]?.object).toEqual(object);
  });
});
