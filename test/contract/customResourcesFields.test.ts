import { expect } from 'vitest';
import { contract, eventually } from './harness/contract.ts';
import { establish, version, withSpec } from './harness/definitions.ts';

const text = { type: 'string' };

const PRUNED = version(
  'v1',
  withSpec({
    properties: {
      deep: { type: 'object', properties: { a: text } },
      list: { type: 'array', items: { type: 'object', properties: { a: text } } },
      map: { type: 'object', additionalProperties: { type: 'object', properties: { a: text } } },
      keep: {
        type: 'object',
        'x-kubernetes-preserve-unknown-fields': true,
        properties: { known: { type: 'object', properties: { a: text } } },
      },
      free: { 'x-kubernetes-preserve-unknown-fields': true },
      open: { type: 'object', additionalProperties: true },
      embedded: {
        type: 'object',
        'x-kubernetes-embedded-resource': true,
        properties: { spec: { type: 'object' } },
      },
    },
  }),
);

const SENT = {
  top: 1,
  deep: { a: 'x', b: 1 },
  list: [{ a: 'x', b: 1 }],
  map: { one: { a: 'x', b: 1 } },
  keep: { any: { thing: 1 }, known: { a: 'x', b: 1 } },
  free: { a: [{ b: 1 }] },
  open: { a: { b: 1 } },
  embedded: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', odd: 1 }, spec: { b: 1 }, more: 1 },
};

const KEPT = {
  deep: { a: 'x' },
  list: [{ a: 'x' }],
  map: { one: { a: 'x' } },
  keep: { any: { thing: 1 }, known: { a: 'x' } },
  free: { a: [{ b: 1 }] },
  open: { a: {} },
  embedded: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: {} },
};

/** In the order in which they are told. */
const UNKNOWN = [
  'metadata.odd',
  'outside',
  'spec.deep.b',
  'spec.embedded.more',
  'spec.embedded.spec.b',
  'spec.keep.known.b',
  'spec.list[0].b',
  'spec.map.one.b',
  'spec.open.a.b',
  'spec.top',
  'spec.embedded.metadata.odd',
].map((path) => `unknown field "${path}"`);

const warningsOf = (header: string | string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .flatMap((value) => [...value.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)])
    .map((match) => (match[1] ?? '').replace(/\\(.)/g, '$1'));

const PLACES = [
  ['Strict', 400],
  ['Warn', 201],
  ['', 201],
  ['Ignore', 201],
] as const;

contract(
  'fields that the schema does not have are dropped at every depth, and refused, warned about or passed over as asked',
  {
    behaviour: 'drops them without a word',
    answer: (answer) => ({ ...answer, headers: { ...answer.headers, warning: undefined } }),
  },
  async (api) => {
    const { path, widget } = await establish(api, [PRUNED]);
    const whole = { ...widget('w', SENT), outside: 1 };
    const body = { ...whole, metadata: { ...whole.metadata, odd: 1 } };
    for (const [fieldValidation, expected] of PLACES) {
      const query = { dryRun: 'All', ...(fieldValidation && { fieldValidation }) };
      const { status, object, failure, headers } = await api.post(path(), body, query);
      expect([fieldValidation, status]).toEqual([fieldValidation, expected]);
      if (fieldValidation === 'Strict') {
        const all = UNKNOWN.join(', ');
        expect([failure.reason, failure.message]).toEqual([
          'BadRequest',
          `Widget in version "v1" cannot be handled as a Widget: strict decoding error: ${all}`,
        ]);
        continue;
      }
      expect(object.spec).toEqual(KEPT);
      expect(Object.keys(object).sort()).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
      expect(warningsOf(headers['warning'])).toEqual(fieldValidation === 'Ignore' ? [] : UNKNOWN);
    }
  },
);

contract(
  'a patch that adds an unknown field is refused when strict, and else leaves the object as it was',
  {
    behaviour: 'refuses it with a 400',
    answer: (answer, { method }) =>
      method === 'PATCH' && answer.status === 422 ? { ...answer, status: 400 } : answer,
  },
  async (api) => {
    const { path, widget } = await establish(api, [PRUNED]);
    const { metadata } = await api.surePost(path(), widget('w', { deep: { a: 'x' } }));
    const strict = await api.patch(
      'merge',
      `${path()}/w`,
      { spec: { top: 1 } },
      { fieldValidation: 'Strict' },
    );
    expect(strict.status).toBe(422);
    expect(strict.failure.details.causes).toMatchObject([{ reason: 'FieldValueInvalid', field: 'patch' }]);
    expect(strict.failure.message).toMatch(/strict decoding error: unknown field "spec.top"$/);
    const lenient = await api.patch('merge', `${path()}/w`, { spec: { top: 1 } });
    expect([lenient.status, lenient.object.metadata.resourceVersion]).toEqual([
      200,
      metadata.resourceVersion,
    ]);
    expect(warningsOf(lenient.headers['warning'])).toEqual(['unknown field "spec.top"']);
  },
);

const item = { type: 'object', properties: { d: { type: 'string', default: 'D' } } };

const DEFAULTED = version(
  'v1',
  withSpec({
    default: { color: 'blue' },
    properties: {
      color: { type: 'string', default: 'red' },
      deep: item,
      list: { type: 'array', items: item },
      map: { type: 'object', additionalProperties: item },
      empty: { type: 'string', nullable: true, default: 'N' },
      plain: { type: 'string' },
    },
  }),
);

contract(
  'defaults are filled in where their object is, and for a null that may not be',
  {
    behaviour: 'fills in nothing',
    answer: (answer) => (answer.object.spec ? { ...answer, object: { ...answer.object, spec: {} } } : answer),
  },
  async (api) => {
    const { path, widget } = await establish(api, [DEFAULTED]);
    const cases: [unknown, unknown][] = [
      [undefined, { color: 'blue', empty: 'N' }],
      [null, { color: 'blue', empty: 'N' }],
      [{}, { color: 'red', empty: 'N' }],
      [
        { color: null, empty: null, plain: null, deep: {}, list: [{}], map: { a: {} } },
        { color: 'red', empty: null, deep: { d: 'D' }, list: [{ d: 'D' }], map: { a: { d: 'D' } } },
      ],
    ];
    for (const [sent, expected] of cases) {
      const { object } = await api.post(path(), widget('w', sent), { dryRun: 'All' });
      expect(object.spec).toEqual(expected);
    }
  },
);

contract(
  'what is stored is read with the defaults and the fields of the schema of today',
  {
    behaviour: 'counts what its own defaults changed as a change of the user',
    answer: (answer, { method }) => {
      if (method !== 'PATCH' || answer.object.kind !== 'Widget') return answer;
      const { object } = answer;
      return { ...answer, object: { ...object, metadata: { ...object.metadata, generation: 2 } } };
    },
  },
  async (api) => {
    const before = version('v1', withSpec({ properties: { early: text } }));
    const after = withSpec({ properties: { late: { type: 'string', default: 'L' } } });
    const { path, widget, definition } = await establish(api, [before]);
    const created = await api.surePost(path(), widget('w', { early: 'e' }));
    await api.patch('json', definition, [
      { op: 'replace', path: '/spec/versions/0/schema/openAPIV3Schema', value: after },
    ]);
    const read = await eventually(async () => {
      const { object } = await api.get(`${path()}/w`);
      return object.spec['late'] === 'L' && object;
    });
    expect(read.spec).toEqual({ late: 'L' });
    expect(read.metadata.resourceVersion).toBe(created.metadata.resourceVersion);
    // A patch that changes nothing stores what is read.
    const { object } = await api.patch('merge', `${path()}/w`, {});
    expect([object.spec, object.metadata.generation]).toEqual([{ late: 'L' }, 1]);
    expect(object.metadata.resourceVersion).not.toBe(created.metadata.resourceVersion);
  },
);

const STATUS_SCHEMA = withSpec(
  { properties: { a: text } },
  {
    status: {
      type: 'object',
      required: ['ok'],
      properties: { ok: { type: 'boolean' }, n: { type: 'integer', default: 3 } },
    },
  },
);

const WITH_STATUS = version('v1', STATUS_SCHEMA, { subresources: { status: {} } });

contract(
  'the status is written by itself, validated by itself, and counts for no generation',
  {
    behaviour: 'takes a status with the object',
    answer: (answer, { method, body }) =>
      method === 'POST' && answer.object.kind === 'Widget'
        ? { ...answer, object: { ...answer.object, status: (body as typeof answer.object).status } }
        : answer,
  },
  async (api) => {
    const { path, widget } = await establish(api, [WITH_STATUS]);
    const one = `${path()}/w`;
    const created = await api.surePost(path(), { ...widget('w', { a: 'x' }), status: { ok: 'no' } });
    expect([created.status, created.metadata.generation]).toEqual([undefined, 1]);

    const wrong = await api.put(`${one}/status`, { ...created, status: { ok: 'x' } });
    expect(wrong.failure.details.causes).toEqual([
      {
        reason: 'FieldValueTypeInvalid',
        message: 'Invalid value: "string": ok in body must be of type boolean: "string"',
        field: 'status.ok',
      },
    ]);
    const missing = await api.put(`${one}/status`, { ...created, status: {} });
    expect([missing.status, missing.failure.details.causes?.[0]?.field]).toEqual([422, 'status.ok']);

    const put = await api.put(`${one}/status`, {
      ...created,
      metadata: { ...created.metadata, labels: { a: 'b' } },
      spec: { a: 'changed' },
      status: { ok: true, odd: 1 },
    });
    expect(put.object).toMatchObject({
      spec: { a: 'x' },
      status: { ok: true, n: 3 },
      metadata: { generation: 1 },
    });
    expect([put.object.metadata.labels, warningsOf(put.headers['warning'])]).toEqual([
      undefined,
      ['unknown field "status.odd"'],
    ]);
    const spec = await api.patch('merge', one, { spec: { a: 'y' }, status: { ok: false } });
    expect(spec.object).toMatchObject({
      spec: { a: 'y' },
      status: { ok: true, n: 3 },
      metadata: { generation: 2 },
    });
    const labels = await api.patch('merge', one, { metadata: { labels: { a: 'b' } } });
    expect(labels.object.metadata.generation).toBe(2);
  },
);

contract(
  'without the subresource the status is a field like any other, and has no path of its own',
  {
    behaviour: 'drops the status',
    answer: (answer) =>
      answer.object.kind === 'Widget' ? { ...answer, object: { ...answer.object, status: {} } } : answer,
  },
  async (api) => {
    const { path, widget } = await establish(api, [version('v1', STATUS_SCHEMA)]);
    const created = await api.surePost(path(), { ...widget('w', { a: 'x' }), status: { ok: true } });
    expect(created.status).toEqual({ ok: true, n: 3 });
    const changed = await api.patch('merge', `${path()}/w`, { status: { ok: false } });
    expect([changed.object.status, changed.object.metadata.generation]).toEqual([{ ok: false, n: 3 }, 2]);
    expect((await api.get(`${path()}/w/status`)).status).toBe(404);
  },
);
