/** Tables, the form in which `kubectl get` asks for objects. */
import { describe, expect } from 'vitest';
import type { Answer } from './harness/api.ts';
import {
  type Api,
  configMap,
  configMapsIn,
  contract,
  freshNamespace,
  pod,
  podsIn,
  type Sabotage,
} from './harness/contract.ts';

interface Table {
  kind: string;
  columnDefinitions: { name: string; type: string; format: string; priority: number }[];
  rows: { cells: unknown[]; object: { kind: string; metadata: { name: string } } | null }[];
}

const ACCEPT = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };

const tableOf = async (api: Api, path: string, query: Record<string, string> = {}): Promise<Table> => {
  const { status, object } = await api.get(path, query, ACCEPT);
  expect(status).toBe(200);
  return object as unknown as Table;
};

/** Puts a wrong table in the answer's place. */
const alters = (behaviour: string, change: (table: Table) => Partial<Table>): Sabotage => ({
  behaviour,
  answer: (answer: Answer) => {
    const table = answer.object as unknown as Table;
    return table.kind === 'Table'
      ? { ...answer, object: { ...table, ...change(table) } as unknown as Answer['object'] }
      : answer;
  },
});

/** `Name` for what is always shown, `Name+` for what is shown with `-o wide`, with the type where it is no text. */
const columnsOf = ({ columnDefinitions }: Table): string =>
  columnDefinitions
    .map(
      ({ name, type, priority }) => `${name}${priority > 0 ? '+' : ''}${type === 'string' ? '' : `:${type}`}`,
    )
    .join(' | ');

const TEMPLATE = 'Containers+ | Images+ | Selector+';

describe.each<[path: string, columns: string]>([
  [
    '/api/v1/pods',
    'Name | Ready | Status | Restarts | Age | IP+ | Node+ | Nominated Node+ | Readiness Gates+',
  ],
  ['/apis/batch/v1/jobs', `Name | Status | Completions | Duration | Age | ${TEMPLATE}`],
  ['/api/v1/configmaps', 'Name | Data | Age'],
  ['/api/v1/secrets', 'Name | Type | Data | Age'],
  ['/apis/apps/v1/deployments', `Name | Ready | Up-to-date | Available | Age | ${TEMPLATE}`],
  [
    '/apis/apps/v1/replicasets',
    `Name | Desired:integer | Current:integer | Ready:integer | Age | ${TEMPLATE}`,
  ],
  [
    '/api/v1/events',
    'Last Seen | Type | Reason | Object | Subobject+ | Source+ | Message | First Seen+ | Count+ | Name+',
  ],
  ['/api/v1/namespaces', 'Name | Status | Age'],
  ['/api/v1/serviceaccounts', 'Name | Secrets | Age'],
  [
    '/api/v1/nodes',
    'Name | Status | Roles | Age | Version | Internal-IP+ | External-IP+ | OS-Image+ | Kernel-Version+ | Container-Runtime+',
  ],
  ['/api/v1/services', 'Name | Type | Cluster-IP | External-IP | Port(s) | Age | Selector+'],
  ['/apis/apps/v1/controllerrevisions', 'Name | Controller | Revision | Age'],
  ['/apis/apiextensions.k8s.io/v1/customresourcedefinitions', 'Name | Created At:date'],
  ['/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations', 'Name | Webhooks:integer | Age'],
  [
    '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
    'Name | Validations:integer | ParamKind | Age',
  ],
  ['/apis/rbac.authorization.k8s.io/v1/clusterroles', 'Name | Created At:date'],
  [
    '/apis/rbac.authorization.k8s.io/v1/rolebindings',
    'Name | Role | Age | Users+ | Groups+ | ServiceAccounts+',
  ],
])('a table of %s', (path, columns) => {
  contract(
    'has the columns that kubectl shows, the name first',
    alters('shows all columns always', ({ columnDefinitions }) => ({
      columnDefinitions: columnDefinitions.map((column) => ({ ...column, priority: 0, type: 'text' })),
    })),
    async (api) => {
      const table = await tableOf(api, path, { limit: '1' });
      expect(columnsOf(table)).toBe(columns);
      expect(table.columnDefinitions.filter(({ format }) => format === 'name')).toHaveLength(1);
    },
  );
});

const cutCells = alters('leaves cells out', ({ rows }) => ({
  rows: rows.map((row) => ({ ...row, cells: row.cells.slice(0, 2) })),
}));

/** Cells without ages, which pass. */
const cellsOf = ({ rows }: Table): unknown[][] =>
  rows.map(({ cells }) => cells.map((cell) => (/^\d+[sm](\d+s)?$/.test(String(cell)) ? 'AGE' : cell)));

contract('a row shows a Pod that nobody has scheduled', cutCells, async (api) => {
  const pods = podsIn(await freshNamespace());
  await api.surePost(pods, pod('waits'));
  expect(cellsOf(await tableOf(api, pods))).toEqual([
    ['waits', '0/1', 'Pending', '0', 'AGE', '<none>', '<none>', '<none>', '<none>'],
  ]);
});

contract('a row counts what a ConfigMap holds, as a number', cutCells, async (api) => {
  const maps = configMapsIn(await freshNamespace());
  await api.surePost(maps, configMap('two', { a: '1', b: '2' }));
  const table = await tableOf(api, maps, { fieldSelector: 'metadata.name=two' });
  expect(cellsOf(table)).toEqual([['two', 2, 'AGE']]);
});

contract('a single object is a table of one row', cutCells, async (api) => {
  const maps = configMapsIn(await freshNamespace());
  await api.surePost(maps, configMap('one'));
  expect(cellsOf(await tableOf(api, `${maps}/one`))).toEqual([['one', 0, 'AGE']]);
});

contract('a row shows an Event with its subject', cutCells, async (api) => {
  const namespace = await freshNamespace();
  const events = `/api/v1/namespaces/${namespace}/events`;
  await api.surePost(events, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e' },
    involvedObject: { kind: 'Pod', name: 'p', namespace, fieldPath: 'spec.containers{main}' },
    reason: 'Tried',
    message: 'a text\n',
    type: 'Normal',
    source: { component: 'contract', host: 'h' },
    firstTimestamp: new Date().toISOString(),
    lastTimestamp: new Date().toISOString(),
    count: 3,
  });
  const table = await tableOf(api, events, { fieldSelector: 'metadata.name=e' });
  expect(cellsOf(table)).toEqual([
    ['AGE', 'Normal', 'Tried', 'pod/p', 'spec.containers{main}', 'contract, h', 'a text', 'AGE', 3, 'e'],
  ]);
});

describe.each<[asked: string | undefined, kind: string | undefined]>([
  [undefined, 'PartialObjectMetadata'],
  ['Metadata', 'PartialObjectMetadata'],
  ['Object', 'ConfigMap'],
  ['None', undefined],
])('a table with includeObject %s', (asked, kind) => {
  contract(
    `holds ${kind ?? 'nothing'} beside the cells`,
    alters('sends something else along', ({ rows }) => ({
      rows: rows.map((row) => ({
        ...row,
        object: row.object ? null : { kind: 'x', metadata: { name: 'x' } },
      })),
    })),
    async (api) => {
      const maps = configMapsIn(await freshNamespace());
      await api.surePost(maps, configMap('one'));
      const query = { fieldSelector: 'metadata.name=one', ...(asked && { includeObject: asked }) };
      const { rows } = await tableOf(api, maps, query);
      expect(rows).toHaveLength(1);
      if (kind === undefined) expect(rows[0]?.object).toBeNull();
      else expect(rows[0]?.object).toMatchObject({ kind, metadata: { name: 'one' } });
    },
  );
});

contract(
  'a watch sends tables, with the columns in the first only',
  {
    behaviour: 'repeats the columns',
    event: (event) => ({ ...event, object: { ...event.object, columnDefinitions: [{}] } as never }),
  },
  async (api) => {
    const maps = configMapsIn(await freshNamespace());
    const { metadata } = await api.surePost(maps, configMap('first'));
    const stream = await api.watch(maps, { resourceVersion: String(metadata.resourceVersion) }, ACCEPT);
    await api.surePost(maps, configMap('second'));
    await api.surePost(maps, configMap('third'));
    const shown = () => stream.events.map(({ object }) => object as unknown as Table);
    const rowOf = (name: string) => shown().find(({ rows }) => rows[0]?.cells[0] === name);
    await stream.until(() => rowOf('third') !== undefined);
    expect(shown()[0]?.columnDefinitions).toHaveLength(3);
    expect(rowOf('third')?.columnDefinitions ?? []).toEqual([]);
  },
);
