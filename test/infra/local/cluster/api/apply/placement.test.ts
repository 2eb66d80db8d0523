import { expect, it } from 'vitest';
import { placesOf } from '../../../../../../infra/local/cluster/api/apply/placement.ts';

/** One letter for each item; capitals come from the configuration. */
const placed = (live: string, applied: string): string =>
  placesOf([...live], [...applied])
    .map(({ from, at }) => (from === 'live' ? live.charAt(at) : applied.charAt(at).toUpperCase()))
    .join('');

it.each([
  ['', 'ab', 'AB'],
  ['ab', '', 'ab'],
  ['ab', 'ab', 'AB'],
  ['axb', 'ab', 'AxB'],
  ['axb', 'ba', 'xBA'],
  ['ax', 'na', 'NAx'],
  ['x', 'n', 'xN'],
  ['ab', 'xb', 'aXB'],
  ['xb', 'byx', 'BYX'],
  ['abc', 'cn', 'abCN'],
])('%s with %s applied becomes %s', (live, applied, expected) => {
  expect(placed(live, applied)).toBe(expected);
});
