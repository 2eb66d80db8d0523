import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../../infra/local/aws/pattern.ts';

const event = {
  source: 'sidecarset-serverless',
  'detail-type': 'Cluster Change',
  detail: {
    calls: ['launch', 'terminate'],
    sets: [],
    cluster: 'local',
    hops: 3,
    dry: false,
    nothing: null,
    ref: { kind: 'Pod', name: 'web-0' },
    containers: [
      { name: 'nginx', state: 'running' },
      { name: 'ilogtail', state: 'waiting' },
    ],
  },
};
const inDetail = (pattern: object) => ({ detail: pattern });

describe('event patterns', () => {
  it.each<[string, object, boolean]>([
    ['an exact text', { source: ['sidecarset-serverless'] }, true],
    ['another text', { source: ['aws.ec2'] }, false],
    ['one of several texts', { source: ['aws.ec2', 'sidecarset-serverless'] }, true],
    ['every field of the pattern', { source: ['sidecarset-serverless'], 'detail-type': ['Other'] }, false],
    ['an element of an array', inDetail({ calls: ['terminate'] }), true],
    ['no element of an array', inDetail({ calls: ['rollout'] }), false],
    ['no element of an empty array', inDetail({ sets: ['a'] }), false],
    ['a nested field', inDetail({ ref: { kind: ['Pod'] } }), true],
    ['a mapping where a value is wanted', inDetail({ ref: ['Pod'] }), false],
    ['a value where a mapping is wanted', { source: { kind: ['Pod'] } }, false],
    ['a number', inDetail({ hops: [3] }), true],
    ['a number as text', inDetail({ hops: ['3'] }), false],
    ['a boolean', inDetail({ dry: [false] }), true],
    ['null', inDetail({ nothing: [null] }), true],
    ['null for a missing field', inDetail({ missing: [null] }), false],
    ['a name of Object.prototype', inDetail({ constructor: [{ exists: true }] }), false],
    ['a prefix', inDetail({ ref: { name: [{ prefix: 'web-' }] } }), true],
    ['another prefix', inDetail({ ref: { name: [{ prefix: 'db-' }] } }), false],
    ['a suffix', inDetail({ ref: { name: [{ suffix: '-0' }] } }), true],
    ['another suffix', inDetail({ ref: { name: [{ suffix: '-1' }] } }), false],
    ['anything but another text', inDetail({ cluster: [{ 'anything-but': 'prod' }] }), true],
    ['anything but this text', inDetail({ cluster: [{ 'anything-but': ['local', 'prod'] }] }), false],
    ['anything but this number', inDetail({ hops: [{ 'anything-but': 3 }] }), false],
    [
      'anything but, where one element of an array is something else',
      inDetail({ calls: [{ 'anything-but': 'launch' }] }),
      true,
    ],
    ['anything but, of a missing field', inDetail({ missing: [{ 'anything-but': 'a' }] }), false],
    ['anything but a prefix', inDetail({ cluster: [{ 'anything-but': { prefix: 'lo' } }] }), false],
    ['anything but a suffix', inDetail({ cluster: [{ 'anything-but': { suffix: 'x' } }] }), true],
    ['a field that exists', inDetail({ cluster: [{ exists: true }] }), true],
    ['null, which exists', inDetail({ nothing: [{ exists: true }] }), true],
    ['a mapping, which is no leaf', inDetail({ ref: [{ exists: true }] }), false],
    ['a missing field', inDetail({ missing: [{ exists: false }] }), true],
    ['a missing field below a missing field', { other: { missing: [{ exists: false }] } }, true],
    ['an empty array, which has no leaf', inDetail({ sets: [{ exists: false }] }), true],
    [
      'a field that some element of an array has',
      inDetail({ containers: { state: [{ exists: false }] } }),
      false,
    ],
    ['a range', inDetail({ hops: [{ numeric: ['>', 2, '<=', 3] }] }), true],
    ['a range that ends before', inDetail({ hops: [{ numeric: ['>=', 0, '<', 3] }] }), false],
    ['an equal number', inDetail({ hops: [{ numeric: ['=', 3] }] }), true],
    ['a text in a range', inDetail({ cluster: [{ numeric: ['>', 0] }] }), false],
    ['another case', inDetail({ cluster: [{ 'equals-ignore-case': 'LOCAL' }] }), true],
    [
      'the first branch of $or',
      { $or: [{ source: ['sidecarset-serverless'] }, inDetail({ hops: [9] })] },
      true,
    ],
    ['no branch of $or', { $or: [{ source: ['a'] }, inDetail({ hops: [9] })] }, false],
    [
      '$or beside a field that differs',
      inDetail({ cluster: ['prod'], $or: [{ hops: [3] }, { hops: [4] }] }),
      false,
    ],
    ['two fields of one element', inDetail({ containers: { name: ['ilogtail'], state: ['waiting'] } }), true],
    ['two fields of two elements', inDetail({ containers: { name: ['nginx'], state: ['waiting'] } }), false],
  ])('%s', (_, pattern, expected) => {
    expect(compilePattern(pattern)(event)).toBe(expected);
  });

  it.each<[string, unknown, RegExp]>([
    [
      'an unknown operator',
      inDetail({ name: [{ wildcard: 'a*' }] }),
      /detail\.name: the operator wildcard is not known/,
    ],
    [
      'an unknown operator in anything-but',
      inDetail({ name: [{ 'anything-but': { wildcard: 'a' } }] }),
      /anything-but.*wildcard/,
    ],
    [
      'two operators in one mapping',
      inDetail({ name: [{ prefix: 'a', suffix: 'b' }] }),
      /exactly one operator/,
    ],
    ['a value outside a list', { source: 'a' }, /source: must be a mapping or a list/],
    ['an empty list', { source: [] }, /source: must be a mapping or a list that is not empty/],
    ['an empty mapping', inDetail({}), /detail: must not be empty/],
    ['an unknown comparison', inDetail({ hops: [{ numeric: ['!=', 1] }] }), /the comparison != is not known/],
    [
      'a prefix that is no text',
      inDetail({ name: [{ prefix: 1 }] }),
      /detail\.name\.prefix: must be a string/,
    ],
    ['$or with one branch', { $or: [{ source: ['a'] }] }, /\$or: must be a list of two or more/],
    ['exists with a text', inDetail({ name: [{ exists: 'yes' }] }), /true or false/],
    ['no mapping at all', ['a'], /top level: must be a mapping/],
  ])('refuses %s', (_, pattern, problem) => {
    expect(() => compilePattern(pattern)).toThrow(problem);
  });
});
