import { expect, it } from 'vitest';
import {
  difference,
  type FieldSet,
  intersection,
  setOf,
  union,
  without,
} from '../../../../../../infra/local/cluster/api/apply/fieldSet.ts';
import {
  pathSentences,
  readFields,
  writeFields,
} from '../../../../../../infra/local/cluster/api/apply/fieldsV1.ts';

const A = ['f:a'];
const AB = ['f:a', 'f:b'];
const ABC = ['f:a', 'f:b', 'f:c'];

it.each<[string, FieldSet, FieldSet]>([
  ['a union has the members of both', union(setOf(A), setOf(AB)), setOf(A, AB)],
  ['an intersection has the members that both have', intersection(setOf(A, ABC), setOf(AB, ABC)), setOf(ABC)],
  ['a difference keeps what is below a member that goes', difference(setOf(AB, ABC), setOf(AB)), setOf(ABC)],
  ['a difference leaves no empty branches', difference(setOf(A, ABC), setOf(ABC)), setOf(A)],
  ['what is reset takes everything below with it', without(setOf(A, AB, ABC), setOf(AB)), setOf(A)],
])('%s', (_name, found, expected) => {
  expect(writeFields(found)).toEqual(writeFields(expected));
});

const FIELDS = {
  'f:metadata': { 'f:finalizers': { 'v:"one"': {} } },
  'f:spec': { 'f:list': { '.': {}, 'k:{"name":"a","port":80}': { '.': {}, 'f:name': {} } } },
};

it('is read and written as FieldsV1', () => {
  expect(writeFields(readFields(FIELDS))).toEqual(FIELDS);
});

it('leaves out elements of an unknown kind', () => {
  expect(writeFields(readFields({ 'x:new': {}, 'f:a': {} }))).toEqual({ 'f:a': {} });
});

it('names its members, those of a level before what is below them', () => {
  expect(pathSentences(readFields(FIELDS))).toEqual([
    '.metadata.finalizers[="one"]',
    '.spec.list',
    '.spec.list[name="a",port=80]',
    '.spec.list[name="a",port=80].name',
  ]);
});
