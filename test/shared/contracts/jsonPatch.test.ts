import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { expect, it } from 'vitest';
import { jsonPatch } from '../../../shared/contracts/jsonPatch.ts';

it.each<[string, object, object, object[]]>([
  ['nothing for equal objects', { spec: { a: [1, { b: 2 }] } }, { spec: { a: [1, { b: 2 }] } }, []],
  ['nothing for other orders of keys', { spec: { a: 1, b: 2 } }, { spec: { b: 2, a: 1 } }, []],
  ['nothing for a field that is undefined', { spec: {} }, { spec: { a: undefined } }, []],
  [
    'whole fields of metadata and spec, sorted by path',
    { spec: { z: [1], gone: 1 }, metadata: {} },
    { spec: { z: [1, 2] }, metadata: { annotations: { a: 'b' } } },
    [
      { op: 'add', path: '/metadata/annotations', value: { a: 'b' } },
      { op: 'remove', path: '/spec/gone' },
      { op: 'replace', path: '/spec/z', value: [1, 2] },
    ],
  ],
  [
    'other parts as a whole',
    { status: { a: 1 } },
    { status: { a: 2 } },
    [{ op: 'replace', path: '/status', value: { a: 2 } }],
  ],
  ['a missing part', {}, { spec: { a: 1 } }, [{ op: 'add', path: '/spec', value: { a: 1 } }]],
  [
    'escaped keys',
    { spec: {} },
    { spec: { 'a/b~c': 1, constructor: 2 } },
    [
      { op: 'add', path: '/spec/a~1b~0c', value: 1 },
      { op: 'add', path: '/spec/constructor', value: 2 },
    ],
  ],
])('writes %s', (_, before, after, patch) => {
  expect(jsonPatch(before, after)).toEqual(patch);
});

const json = (value: object): object => JSON.parse(JSON.stringify(value));

const part = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true });
// rfc6902, which applies the patch, drops keys named __proto__ at any depth.
const document = fc
  .record({ metadata: part, spec: part, status: fc.jsonValue() }, { requiredKeys: [] })
  .map(json)
  .filter((value) => !JSON.stringify(value).includes('__proto__'));

it('makes the output of the input, whatever both are', () => {
  fc.assert(
    fc.property(document, document, (before, after) => {
      const patched = json(before);
      const faults = applyPatch(patched, jsonPatch(before, after)).filter((fault) => fault !== null);
      expect(faults).toEqual([]);
      expect(patched).toEqual(after);
    }),
  );
});
