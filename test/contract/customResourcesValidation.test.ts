import { expect } from 'vitest';
import type { Json } from './harness/api.ts';
import { contract } from './harness/contract.ts';
import { establish, version, withSpec } from './harness/definitions.ts';

const letters = { a: { type: 'string' }, b: { type: 'string' } };

const FIELDS = {
  count: { type: 'integer', minimum: 1, maximum: 5 },
  ratio: { type: 'number', minimum: 0, exclusiveMinimum: true, multipleOf: 0.5 },
  word: { type: 'string', enum: ['a', 'b'] },
  digit: { type: 'integer', enum: [1, 2] },
  pattern: { type: 'string', pattern: '^a+$' },
  short: { type: 'string', minLength: 2, maxLength: 4 },
  list: { type: 'array', minItems: 1, maxItems: 2, items: { type: 'string' } },
  set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
  map: {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['k'],
    items: { type: 'object', required: ['k'], properties: { k: { type: 'string' }, v: { type: 'integer' } } },
  },
  texts: { type: 'object', minProperties: 1, maxProperties: 2, additionalProperties: { type: 'string' } },
  int32: { type: 'integer', format: 'int32' },
  time: { type: 'string', format: 'date-time' },
  day: { type: 'string', format: 'date' },
  address: { type: 'string', format: 'ipv4' },
  any: { type: 'object', properties: letters, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
  one: { type: 'object', properties: letters, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
  all: { type: 'integer', allOf: [{ minimum: 3 }, { maximum: 9 }] },
  not: { type: 'string', not: { enum: ['z'] } },
  mixed: { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true },
  empty: { type: 'string', nullable: true },
  must: { type: 'string' },
  flag: { type: 'boolean' },
  embedded: {
    type: 'object',
    'x-kubernetes-embedded-resource': true,
    'x-kubernetes-preserve-unknown-fields': true,
  },
};

const VERSION = version('v1', withSpec({ required: ['must'], properties: FIELDS }));

const type = (field: string, expected: string, found: string): string =>
  `FieldValueTypeInvalid ${field} | Invalid value: "${found}": ${field} in body must be of type ${expected}: "${found}"`;
const invalid = (field: string, value: string, why: string): string =>
  `FieldValueInvalid ${field} | Invalid value: ${value}: ${why}`;

/** What of a spec is refused, as `<reason> <field> | <message>`, in any order. */
const REFUSED: [string, Json, string[]][] = [
  ['a missing field', { must: undefined }, ['FieldValueRequired spec.must | Required value']],
  ['a null that may not be', { must: null }, ['FieldValueRequired spec.must | Required value']],
  ['text for a number', { count: '2' }, [type('spec.count', 'integer', 'string')]],
  ['a fraction', { count: 1.5 }, [type('spec.count', 'integer', 'number')]],
  ['text for a boolean', { flag: 'true' }, [type('spec.flag', 'boolean', 'string')]],
  [
    'a number below',
    { count: 0 },
    [invalid('spec.count', '0', 'spec.count in body should be greater than or equal to 1')],
  ],
  [
    'a number above',
    { count: 6 },
    [invalid('spec.count', '6', 'spec.count in body should be less than or equal to 5')],
  ],
  [
    'no multiple',
    { ratio: 0.3 },
    [invalid('spec.ratio', '0.3', 'spec.ratio in body should be a multiple of 0.5')],
  ],
  [
    'another word',
    { word: 'c' },
    ['FieldValueNotSupported spec.word | Unsupported value: "c": supported values: "a", "b"'],
  ],
  [
    'another digit',
    { digit: 7 },
    ['FieldValueNotSupported spec.digit | Unsupported value: 7: supported values: "1", "2"'],
  ],
  [
    'a digit for a word',
    { word: 5 },
    [
      type('spec.word', 'string', 'integer'),
      'FieldValueNotSupported spec.word | Unsupported value: 5: supported values: "a", "b"',
    ],
  ],
  [
    'a text that does not match',
    { pattern: 'b' },
    [invalid('spec.pattern', '"b"', "spec.pattern in body should match '^a+$'")],
  ],
  [
    'a text too short',
    { short: 'a' },
    [invalid('spec.short', '"a"', 'spec.short in body should be at least 2 chars long')],
  ],
  [
    'a text too long',
    { short: 'abcde' },
    ['FieldValueTooLong spec.short | Too long: may not be more than 4 bytes'],
  ],
  [
    'too few items',
    { list: [] },
    [invalid('spec.list', '0', 'spec.list in body should have at least 1 items')],
  ],
  [
    'too many items',
    { list: ['a', 'b', 'c'] },
    ['FieldValueTooMany spec.list | Too many: 3: must have at most 2 items'],
  ],
  ['a number in a list of texts', { list: [1] }, [type('spec.list[0]', 'string', 'integer')]],
  ['a text for a list', { list: 'a' }, [type('spec.list', 'array', 'string')]],
  ['a null in a list', { list: [null] }, [type('spec.list[0]', 'string', 'null')]],
  [
    'an item twice in a set',
    { set: ['a', 'b', 'a', 'a'] },
    ['FieldValueDuplicate spec.set[2] | Duplicate value: "a"'],
  ],
  [
    'a key twice in a map',
    { map: [{ k: 'a' }, { k: 'a', v: 1 }] },
    ['FieldValueDuplicate spec.map[1] | Duplicate value: {"k":"a"}'],
  ],
  ['a missing key', { map: [{ v: 1 }] }, ['FieldValueRequired spec.map[0].k | Required value']],
  [
    'no properties',
    { texts: {} },
    [invalid('spec.texts', '0', 'spec.texts in body should have at least 1 properties')],
  ],
  [
    'too many properties',
    { texts: { a: '', b: '', c: '' } },
    ['FieldValueTooMany spec.texts | Too many: 3: must have at most 2 items'],
  ],
  ['a number among texts', { texts: { a: 1 } }, [type('spec.texts.a', 'string', 'integer')]],
  ['no time', { time: 'yesterday' }, [type('spec.time', 'date-time', 'yesterday')]],
  ['a number for a time', { time: 5 }, [type('spec.time', 'date-time', 'int64')]],
  ['no date', { day: '2024-02-30' }, [type('spec.day', 'date', '2024-02-30')]],
  ['no address', { address: '1.2.3' }, [type('spec.address', 'ipv4', '1.2.3')]],
  [
    'none of any',
    { any: {} },
    [
      invalid('<nil>', '""', '"spec.any" must validate at least one schema (anyOf)'),
      'FieldValueRequired spec.any.a | Required value',
    ],
  ],
  [
    'none of one',
    { one: {} },
    [
      invalid('<nil>', '""', '"spec.one" must validate one and only one schema (oneOf). Found none valid'),
      'FieldValueRequired spec.one.a | Required value',
    ],
  ],
  [
    'two of one',
    { one: { a: '', b: '' } },
    [
      invalid(
        '<nil>',
        '""',
        '"spec.one" must validate one and only one schema (oneOf). Found 2 valid alternatives',
      ),
    ],
  ],
  [
    'not all',
    { all: 10 },
    [
      invalid('spec.all', '10', 'spec.all in body should be less than or equal to 9'),
      invalid('<nil>', '""', '"spec.all" must validate all the schemas (allOf)'),
    ],
  ],
  [
    'what must not be',
    { not: 'z' },
    [invalid('<nil>', '""', '"spec.not" must not validate the schema (not)')],
  ],
  [
    'neither number nor text',
    { mixed: {} },
    [
      type('spec.mixed', 'integer,string', 'object'),
      invalid('<nil>', '""', '"spec.mixed" must validate at least one schema (anyOf)'),
      type('spec.mixed', 'integer', 'object'),
    ],
  ],
  [
    'an embedded object without a type',
    { embedded: {} },
    [
      'FieldValueRequired spec.embedded.apiVersion | Required value',
      'FieldValueRequired spec.embedded.kind | Required value',
    ],
  ],
];

contract(
  'a custom resource that does not fit its schema is refused with the field and the words of Kubernetes',
  {
    behaviour: 'names no fields',
    answer: (answer) =>
      answer.status === 422
        ? { ...answer, failure: { ...answer.failure, details: { ...answer.failure.details, causes: [] } } }
        : answer,
  },
  async (api) => {
    const { path, widget } = await establish(api, [VERSION]);
    for (const [what, spec, expected] of REFUSED) {
      const { status, failure } = await api.post(path(), widget('w', { must: 'x', ...spec }), {
        dryRun: 'All',
      });
      const causes = (failure.details?.causes ?? []).map(
        ({ reason, field, message }) => `${reason} ${field} | ${message}`,
      );
      expect({ what, status, causes: causes.sort() }).toEqual({
        what,
        status: 422,
        causes: [...expected].sort(),
      });
    }
  },
);

const TAKEN: Json[] = [
  { count: 3, ratio: 0.5, word: 'a', digit: 2, pattern: 'aa', short: 'äöüß' },
  { int32: 3_000_000_000 },
  { time: '2020-01-01T00:00:00Z', day: '2024-02-29', address: '10.0.0.1' },
  { any: { b: '' }, one: { b: '' }, all: 5, not: 'y' },
  { mixed: 3 },
  { mixed: '30%' },
  { empty: null },
  { set: ['a', 'b'], map: [{ k: 'a' }, { k: 'b' }], texts: { a: 'x' } },
  { embedded: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: { anything: 1 } } },
];

contract(
  'a custom resource that fits its schema is taken as it is, a number beyond its int32 format too',
  {
    behaviour: 'checks formats of numbers',
    answer: (answer) => {
      const spec = answer.object.spec;
      return spec?.['int32'] === undefined ? answer : { ...answer, status: 422 };
    },
  },
  async (api) => {
    const { path, widget } = await establish(api, [VERSION]);
    for (const spec of TAKEN) {
      const whole = { must: 'x', ...spec };
      const { status, object } = await api.post(path(), widget('w', whole), { dryRun: 'All' });
      expect({ status, spec: object.spec }).toEqual({ status: 201, spec: whole });
    }
  },
);

contract(
  'an update is not refused for what it leaves as it was',
  {
    behaviour: 'checks all of an object at each update',
    answer: (answer, { method, body }) =>
      method === 'PATCH' && JSON.stringify(body).includes('other') ? { ...answer, status: 422 } : answer,
  },
  async (api) => {
    const open = version(
      'v1',
      withSpec({ properties: { n: { type: 'integer' }, other: { type: 'string' } } }),
    );
    const { path, widget, definition } = await establish(api, [open]);
    await api.surePost(path(), widget('w', { n: 9 }));
    const stricter = withSpec({
      properties: { n: { type: 'integer', maximum: 5 }, other: { type: 'string' } },
    });
    await api.patch('json', definition, [
      { op: 'replace', path: '/spec/versions/0/schema/openAPIV3Schema', value: stricter },
    ]);
    await expect
      .poll(async () => (await api.post(path(), widget('x', { n: 9 }), { dryRun: 'All' })).status, {
        timeout: 10_000,
      })
      .toBe(422);
    const kept = await api.patch('merge', `${path()}/w`, { spec: { other: 'changed' } });
    expect([kept.status, kept.object.spec]).toEqual([200, { n: 9, other: 'changed' }]);
    expect((await api.patch('merge', `${path()}/w`, { spec: { n: 8 } })).status).toBe(422);
  },
);
