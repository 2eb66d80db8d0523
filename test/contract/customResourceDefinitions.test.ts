import { expect } from 'vitest';
import type { Json } from './harness/api.ts';
import { contract, eventually } from './harness/contract.ts';
import {
  conditionOf,
  DEFINITIONS,
  establish,
  freshGroup,
  served,
  version,
  widgets,
  widgetsOf,
  withSpec,
} from './harness/definitions.ts';

type Definition = ReturnType<typeof widgets> & { spec: Json & { names: Json; versions: Json[] } };

const first = ({ spec }: Definition): Json => spec.versions[0] ?? {};
const field = (schema: Json): Json => ({ type: 'object', properties: { a: schema } });
const schema = (value: Json) => (definition: Definition) => {
  first(definition)['schema'] = { openAPIV3Schema: value };
};

/** The schema of all versions, as messages name it where all have the same. */
const SCHEMA = 'spec.validation.openAPIV3Schema';
const A = `${SCHEMA}.properties[a]`;
const SAME = 'metadata.name Invalid';
const LIST = 'x-kubernetes-list-type';
const KEYS = 'x-kubernetes-list-map-keys';

/** What is wrong with a definition, and `<field> <kind of fault>` in any order. */
const WRONG: [string, (definition: Definition) => void, string[]][] = [
  ['another name', (one) => Object.assign(one.metadata, { name: `x.${one.spec.group}` }), [SAME]],
  ['no group', (one) => Reflect.deleteProperty(one.spec, 'group'), [SAME, 'spec.group Required']],
  ['no scope', (one) => Reflect.deleteProperty(one.spec, 'scope'), ['spec.scope Required']],
  ['another scope', (one) => Object.assign(one.spec, { scope: 'Global' }), ['spec.scope NotSupported']],
  [
    'a kind with an underscore',
    ({ spec }) => Object.assign(spec.names, { kind: 'a_b' }),
    ['spec.names.kind Invalid', 'spec.names.listKind Invalid', 'spec.names.singular Invalid'],
  ],
  [
    'one kind for both',
    ({ spec }) => Object.assign(spec.names, { listKind: 'Widget' }),
    ['spec.names.listKind Invalid'],
  ],
  [
    'an upper-case short name',
    ({ spec }) => Object.assign(spec.names, { shortNames: ['W'] }),
    ['spec.names.shortNames[0] Invalid'],
  ],
  [
    'two stored versions',
    ({ spec }) => spec.versions.push(version('v2', { type: 'object' })),
    ['spec.versions Invalid', 'status.storedVersions Invalid'],
  ],
  [
    'no stored version',
    (one) => Object.assign(first(one), { storage: false }),
    ['spec.versions Invalid', 'status.storedVersions Invalid'],
  ],
  [
    'a version twice',
    ({ spec }) => spec.versions.push({ ...version('v1', { type: 'object' }), storage: false }),
    ['spec.versions Invalid'],
  ],
  [
    'no schema',
    (one) => Reflect.deleteProperty(first(one), 'schema'),
    ['spec.versions[0].schema.openAPIV3Schema Required'],
  ],
  [
    'a column of an unknown type',
    (one) =>
      Object.assign(first(one), { additionalPrinterColumns: [{ name: '', type: 'int', jsonPath: 'spec' }] }),
    [
      'spec.additionalPrinterColumns[0].JSONPath Invalid',
      'spec.additionalPrinterColumns[0].name Required',
      'spec.additionalPrinterColumns[0].type Invalid',
    ],
  ],
  [
    'a warning without a deprecation',
    (one) => Object.assign(first(one), { deprecationWarning: 'x' }),
    ['spec.versions[0].deprecationWarning Invalid'],
  ],
  ['an empty schema', schema({}), [`${SCHEMA}.type Required`]],
  ['text at the root', schema({ type: 'string' }), [`${SCHEMA}.type Invalid`]],
  ['a property without a type', schema(field({})), [`${A}.type Required`]],
  ['an unknown type', schema(field({ type: 'strin' })), [`${A}.type NotSupported`]],
  ['a list without items', schema(field({ type: 'array' })), [`${A}.items Required`]],
  ['items without a type', schema(field({ type: 'array', items: {} })), [`${A}.items.type Required`]],
  [
    'a type under anyOf',
    schema(field({ type: 'string', anyOf: [{ type: 'string' }] })),
    [`${A}.anyOf[0].type Forbidden`],
  ],
  [
    'a property that only anyOf has',
    schema({ type: 'object', anyOf: [{ properties: { a: { minimum: 1 } } }] }),
    [`${A} Required`],
  ],
  [
    'properties beside additionalProperties',
    schema(
      field({
        type: 'object',
        properties: { b: { type: 'string' } },
        additionalProperties: { type: 'string' },
      }),
    ),
    [`${A}.additionalProperties Forbidden`],
  ],
  [
    'additionalProperties at the root',
    schema({ type: 'object', additionalProperties: { type: 'string' } }),
    [`${SCHEMA}.additionalProperties Forbidden`],
  ],
  [
    'rules for labels',
    schema({
      type: 'object',
      properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } },
    }),
    [`${SCHEMA}.properties[metadata] Forbidden`],
  ],
  [
    'uniqueItems',
    schema(field({ type: 'array', uniqueItems: true, items: { type: 'string' } })),
    [`${A}.uniqueItems Forbidden`],
  ],
  ['a pattern that is none', schema(field({ type: 'string', pattern: '(' })), [`${A}.pattern Invalid`]],
  ['a default of another type', schema(field({ type: 'string', default: 3 })), [`${A}.default TypeInvalid`]],
  [
    'a default with unknown fields',
    schema(field({ type: 'object', default: { x: 1 } })),
    [`${A}.default Invalid`],
  ],
  [
    'a preservation that is off',
    schema(field({ type: 'object', 'x-kubernetes-preserve-unknown-fields': false })),
    [`${A}.x-kubernetes-preserve-unknown-fields Invalid`],
  ],
  [
    'an embedded resource without fields',
    schema(field({ type: 'object', 'x-kubernetes-embedded-resource': true })),
    [`${A}.properties Required`],
  ],
  [
    'a map without keys',
    schema(
      field({
        type: 'array',
        [LIST]: 'map',
        items: { type: 'object', properties: { k: { type: 'string' } } },
      }),
    ),
    [`${A}.${KEYS} Required`],
  ],
  [
    'a key that may be missing',
    schema(
      field({
        type: 'array',
        [LIST]: 'map',
        [KEYS]: ['k'],
        items: { type: 'object', properties: { k: { type: 'string' } } },
      }),
    ),
    [`${A}.items.properties[k].default Required`],
  ],
  [
    'an unknown type of list',
    schema(field({ type: 'array', [LIST]: 'bag', items: { type: 'string' } })),
    [`${A}.${LIST} NotSupported`],
  ],
  ['an object that is a set', schema(field({ type: 'object', [LIST]: 'set' })), [`${A}.type Invalid`]],
];

contract(
  'a definition that can not be followed is refused with each field that is wrong',
  {
    behaviour: 'names the first one only',
    answer: (answer) => {
      const causes = answer.failure.details?.causes?.slice(0, 1);
      return { ...answer, failure: { ...answer.failure, details: { ...answer.failure.details, causes } } };
    },
  },
  async (api) => {
    for (const [what, spoil, expected] of WRONG) {
      const definition = structuredClone(
        widgets(freshGroup(), [version('v1', { type: 'object' })]),
      ) as Definition;
      spoil(definition);
      const { status, failure } = await api.post(DEFINITIONS, definition, { dryRun: 'All' });
      const found = (failure.details?.causes ?? []).map(
        (cause) => `${cause.field} ${cause.reason?.replace('FieldValue', '')}`,
      );
      expect({ what, status, found: found.sort() }).toEqual({
        what,
        status: 422,
        found: [...expected].sort(),
      });
    }
  },
);

contract(
  'a definition gets its names, is accepted and established, and says what it stores',
  {
    behaviour: 'establishes nothing',
    answer: (answer, { method, path }) =>
      method === 'GET' && path.startsWith(DEFINITIONS)
        ? { ...answer, object: { ...answer.object, status: { ...answer.object.status, acceptedNames: {} } } }
        : answer,
  },
  async (api) => {
    const made = await establish(
      api,
      [version('v1', { type: 'object' })],
      {},
      { shortNames: ['wdg'], categories: ['things'] },
    );
    const { spec, status, metadata } = await api.sureGet(made.definition);
    const names = {
      plural: 'widgets',
      singular: 'widget',
      kind: 'Widget',
      listKind: 'WidgetList',
      shortNames: ['wdg'],
      categories: ['things'],
    };
    expect([spec['names'], spec['conversion'], metadata.generation]).toEqual([
      names,
      { strategy: 'None' },
      1,
    ]);
    expect(status).toMatchObject({
      acceptedNames: names,
      storedVersions: ['v1'],
      conditions: [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
        {
          type: 'Established',
          status: 'True',
          reason: 'InitialNamesAccepted',
          message: 'the initial names have been accepted',
        },
      ],
    });
  },
);

contract(
  'a definition whose kind is taken in its group is not established',
  {
    behaviour: 'establishes it',
    answer: (answer, { path }) =>
      path.includes('gizmos')
        ? JSON.parse(JSON.stringify(answer).replaceAll('"status":"False"', '"status":"True"'))
        : answer,
  },
  async (api) => {
    const { group } = await establish(api, [version('v1', { type: 'object' })]);
    const second = widgets(
      group,
      [version('v1', { type: 'object' })],
      {},
      { plural: 'gizmos', singular: 'gizmo' },
    );
    await api.surePost(DEFINITIONS, { ...second, metadata: { name: `gizmos.${group}` } });
    const path = `${DEFINITIONS}/gizmos.${group}`;
    const found = await eventually(async () => {
      const definition = await api.sureGet(path);
      return conditionOf(definition, 'NamesAccepted') && definition;
    });
    await api.remove(path);
    expect(conditionOf(found, 'NamesAccepted')).toMatchObject({
      status: 'False',
      reason: 'ListKindConflict',
      message: '"WidgetList" is already in use',
    });
    expect(conditionOf(found, 'Established')).toMatchObject({ status: 'False', reason: 'NotAccepted' });
    expect(found.status['acceptedNames']).toEqual({ plural: 'gizmos', singular: 'gizmo', kind: '' });
  },
);

const two = (stored: 'v1' | 'v2') => [
  { ...version('v1', withSpec({ properties: { n: { type: 'integer' } } })), storage: stored === 'v1' },
  {
    ...version('v2', withSpec({ properties: { n: { type: 'integer' }, m: { type: 'string' } } })),
    storage: stored === 'v2',
  },
];

contract(
  'versions that were ever stored are kept, and can go only once the status forgets them',
  {
    behaviour: 'forgets them',
    answer: (answer, { method }) =>
      method === 'PATCH' && answer.object.status
        ? { ...answer, object: { ...answer.object, status: { storedVersions: ['v2'] } } }
        : answer,
  },
  async (api) => {
    const { definition, path, widget } = await establish(api, two('v1'));
    await api.surePost(path('v1'), widget('w', { n: 1 }));
    const moved = await api.patch('merge', definition, { spec: { versions: two('v2') } });
    expect([moved.object.status['storedVersions'], moved.object.metadata.generation]).toEqual([
      ['v1', 'v2'],
      2,
    ]);
    expect((await api.sureGet(`${path('v2')}/w`)).spec).toEqual({ n: 1 });
    const early = await api.patch('merge', definition, { spec: { versions: two('v2').slice(1) } });
    expect(early.failure.details.causes).toMatchObject([
      {
        reason: 'FieldValueInvalid',
        field: 'status.storedVersions[0]',
        message: expect.stringMatching(/^Invalid value: "v1": missing from spec.versions;/),
      },
    ]);
    const forgotten = await api.patch('merge', `${definition}/status`, {
      status: { storedVersions: ['v2'] },
    });
    expect(forgotten.object.status['storedVersions']).toEqual(['v2']);
    expect((await api.patch('merge', definition, { spec: { versions: two('v2').slice(1) } })).status).toBe(
      200,
    );
    await eventually(async () => (await api.get(path('v1'))).status === 404);
    // What is still stored in it can't be read any more.
    const lost = await eventually(async () => {
      const answer = await api.get(`${path('v2')}/w`);
      return answer.status !== 200 && answer;
    });
    expect([lost.status, lost.failure.message]).toEqual([
      500,
      expect.stringMatching(/^request to convert CR from an invalid group\/version: .*\/v1$/),
    ]);
  },
);

contract(
  'a version that is not served is not there, a deprecated one warns, and what identifies a definition stays',
  {
    behaviour: 'says nothing of a deprecation',
    answer: (answer) => ({ ...answer, headers: { ...answer.headers, warning: undefined } }),
  },
  async (api) => {
    const [v1, v2] = two('v2');
    if (!v1 || !v2) throw new Error('two versions');
    const versions = [
      { ...v1, served: false },
      v2,
      { ...v1, name: 'v2beta1', deprecated: true },
      { ...v1, name: 'v2alpha1', deprecated: true, deprecationWarning: 'do not' },
    ];
    const { group, path, definition } = await establish(api, versions);
    expect((await api.get(path('v1'))).status).toBe(404);
    const warned = async (name: string) => (await api.get(path(name))).headers['warning'];
    expect(await warned('v2beta1')).toBe(
      `299 - "${group}/v2beta1 Widget is deprecated; use ${group}/v2 Widget"`,
    );
    expect(await warned('v2alpha1')).toBe('299 - "do not"');
    expect(await warned('v2')).toBeUndefined();
    for (const [change, expected] of [
      [{ scope: 'Cluster' }, 'spec.scope'],
      [{ names: { kind: 'Gadget' } }, 'spec.names.kind'],
    ] as const) {
      const { status, failure } = await api.patch('merge', definition, { spec: change });
      expect([status, failure.details.causes]).toMatchObject([
        422,
        [{ field: expected, message: expect.stringMatching(/field is immutable$/) }],
      ]);
    }
  },
);

contract(
  'a definition takes its objects along, and waits for those with finalizers',
  {
    behaviour: 'lets it go at once',
    answer: (answer, { method, path }) =>
      method === 'GET' && path.startsWith(DEFINITIONS) && answer.object.metadata?.deletionTimestamp
        ? { ...answer, status: 404 }
        : answer,
  },
  async (api) => {
    const { definition, path, widget } = await establish(api, [version('v1', { type: 'object' })]);
    await api.surePost(path(), widget('plain'));
    const held = widget('held');
    await api.surePost(path(), { ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } });
    const answer = await api.remove(definition);
    expect([answer.status, answer.object.metadata.finalizers]).toEqual([
      200,
      ['customresourcecleanup.apiextensions.k8s.io'],
    ]);
    await eventually(async () => (await api.get(`${path()}/plain`)).status === 404);
    const waiting = await eventually(async () => {
      const { object } = await api.get(`${path()}/held`);
      return object.metadata.deletionTimestamp && object;
    });
    expect(waiting.metadata.finalizers).toEqual(['example.com/hold']);
    const going = await api.get(definition);
    expect([going.status, conditionOf(going.object, 'Terminating')?.['status']]).toEqual([200, 'True']);
    const late = await eventually(async () => {
      const tried = await api.post(path(), widget('late'));
      return tried.status === 403 && tried;
    });
    expect(late.failure.message).toMatch(
      /"late" is forbidden: create not allowed while custom resource definition is terminating$/,
    );
    await api.patch('merge', `${path()}/held`, { metadata: { finalizers: null } });
    await eventually(async () => (await api.get(definition)).status === 404);
    await eventually(async () => (await api.get(path())).status === 404);
  },
);

const COLUMNS = [
  { name: 'N', type: 'integer', jsonPath: '.spec.n', description: 'How many.' },
  { name: 'W', type: 'string', jsonPath: '.spec.w', priority: 1 },
  { name: 'WHEN', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

const SHOWN = version(
  'v1',
  withSpec({
    description: 'The wish.',
    properties: {
      n: { type: 'integer', description: 'How many.' },
      w: { type: 'string' },
      mixed: { 'x-kubernetes-int-or-string': true },
    },
  }),
  { additionalPrinterColumns: COLUMNS, subresources: { status: {} } },
);

contract(
  'a table has the columns of the definition, with ages for dates and nothing where the value has another type',
  {
    behaviour: 'shows the time itself',
    answer: (answer) => {
      const { rows } = answer.object as unknown as { rows?: { cells: unknown[] }[] };
      for (const row of rows ?? [])
        row.cells = row.cells.map((cell) => (/^\d+s$/.test(String(cell)) ? '2026' : cell));
      return answer;
    },
  },
  async (api) => {
    const { path, widget } = await establish(api, [SHOWN]);
    await api.surePost(path(), widget('w', { n: 3 }));
    const accept = 'application/json;as=Table;g=meta.k8s.io;v=v1';
    const table = await eventually(async () => {
      const { object } = await api.get(path(), {}, { accept });
      const found = object as unknown as { columnDefinitions: Json[]; rows: { cells: unknown[] }[] };
      return found.rows.length === 1 && found;
    });
    const columns = table.columnDefinitions.map(({ name, type, priority }) => [name, type, priority]);
    expect(columns).toEqual([
      ['Name', 'string', 0],
      ['N', 'integer', 0],
      ['W', 'string', 1],
      ['WHEN', 'date', 0],
    ]);
    expect(table.columnDefinitions.map((column) => column['description']).slice(1)).toEqual([
      'How many.',
      'Custom resource definition column (in JSONPath format): .spec.w',
      'Custom resource definition column (in JSONPath format): .metadata.creationTimestamp',
    ]);
    expect(table.rows[0]?.cells).toEqual(['w', 3, null, expect.stringMatching(/^\d+s$/)]);
  },
);

contract(
  'discovery and OpenAPI have what kubectl needs: names, verbs, and the schema with its descriptions',
  {
    behaviour: 'publishes no schemas',
    answer: (answer, { path }) =>
      path.startsWith('/openapi/v3/apis')
        ? { ...answer, object: { ...answer.object, components: { schemas: {} } } as typeof answer.object }
        : answer,
  },
  async (api) => {
    const short = freshGroup().replace(/\..*/, '');
    const { group } = await establish(api, [SHOWN], {}, { shortNames: [short], categories: ['things'] });
    const list = (await eventually(async () => {
      const { status, object } = await api.get(`/apis/${group}/v1`);
      return status === 200 && object;
    })) as unknown as { resources: Json[] };
    expect(
      list.resources.map((one) => ({ ...one, verbs: [...(one['verbs'] as string[])].sort() })),
    ).toMatchObject([
      {
        name: 'widgets',
        singularName: 'widget',
        namespaced: true,
        kind: 'Widget',
        shortNames: [short],
        categories: ['things'],
        verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      },
      { name: 'widgets/status', kind: 'Widget', verbs: ['get', 'patch', 'update'] },
    ]);
    const root = `apis/${group}/v1`;
    const url = await eventually(async () => {
      const { object } = await api.get('/openapi/v3');
      const { paths } = object as unknown as { paths: Record<string, { serverRelativeURL: string }> };
      return paths[root]?.serverRelativeURL;
    });
    expect(url).toMatch(new RegExp(`^/openapi/v3/${root}\\?hash=[0-9A-F]+$`));
    const document = (await api.sureGet(`/openapi/v3/${root}`)) as unknown as {
      paths: Record<
        string,
        Record<string, { 'x-kubernetes-action': string; parameters: { name: string }[] }>
      >;
      components: { schemas: Record<string, Json> };
    };
    const name = `${group.split('.').reverse().join('.')}.v1.Widget`;
    expect(document.components.schemas[name]).toMatchObject({
      type: 'object',
      properties: {
        apiVersion: { type: 'string' },
        kind: { type: 'string' },
        metadata: {
          allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
        },
        spec: {
          description: 'The wish.',
          properties: {
            n: { type: 'integer', description: 'How many.' },
            mixed: { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true },
          },
        },
      },
      'x-kubernetes-group-version-kind': [{ group, kind: 'Widget', version: 'v1' }],
    });
    const { patch } = document.paths[`/${root}/namespaces/{namespace}/widgets/{name}`] ?? {};
    expect(patch?.['x-kubernetes-action']).toBe('patch');
    expect(patch?.parameters.map((parameter) => parameter.name)).toEqual(
      expect.arrayContaining(['dryRun', 'fieldValidation']),
    );
    // The document may be made anew in between.
    const explained = await eventually(async () => {
      const output = await api.kubectl(['explain', 'widgets.spec', `--api-version=${group}/v1`]);
      return !output.stderr.includes("couldn't find resource") && output;
    });
    expect([explained.code, explained.stderr]).toEqual([0, expect.not.stringContaining('rror')]);
    expect(explained.stdout).toMatch(/The wish\.[\s\S]*n\t<integer>\s+How many\./);
  },
);

contract(
  'a definition by kubectl apply can be applied again, and changes in place',
  {
    behaviour: 'forgets what was applied',
    kubectl: (output) => ({ ...output, stdout: output.stdout.replace('unchanged', 'configured') }),
  },
  async (api) => {
    const group = freshGroup();
    const made = widgetsOf(group);
    const definition = widgets(group, [SHOWN]);
    const applied = await api.kubectl(['apply', '-f', '-'], definition);
    expect([applied.code, applied.stdout]).toEqual([
      0,
      `customresourcedefinition.apiextensions.k8s.io/widgets.${group} created\n`,
    ]);
    await served(api, made.path());
    const again = await api.kubectl(['apply', '-f', '-'], definition);
    const more = widgets(group, [{ ...SHOWN, name: 'v2', storage: false }, SHOWN]);
    const changed = await api.kubectl(['apply', '-f', '-'], more);
    await served(api, made.path('v2'));
    await api.remove(made.definition);
    expect(again.stdout).toMatch(/unchanged\n$/);
    expect([changed.code, changed.stdout]).toEqual([0, expect.stringMatching(/configured\n$/)]);
  },
);
