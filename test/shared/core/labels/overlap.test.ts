import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Overlap, overlap } from '../../../../shared/core/labels/overlap.ts';
import { selects } from '../../../../shared/core/labels/selector.ts';
import type { LabelSelector, LabelSelectorRequirement } from '../../../../shared/model/kubernetes.ts';

const labels = (matchLabels: Record<string, string>): LabelSelector => ({ matchLabels });
const asks = (
  key: string,
  operator: LabelSelectorRequirement['operator'],
  values?: string[],
): LabelSelector => ({
  matchExpressions: [{ key, operator, values }],
});

it.each<[string, LabelSelector | undefined, LabelSelector | undefined, Overlap]>([
  ['anything', undefined, labels({ a: 'b' }), 'yes'],
  ['other keys', labels({ a: 'b' }), labels({ c: 'd' }), 'yes'],
  ['another value', labels({ a: 'b' }), labels({ a: 'c' }), 'no'],
  ['another value beside a common one', labels({ a: 'b', c: 'd' }), labels({ a: 'x', c: 'd' }), 'no'],
  ['one of its values', asks('a', 'In', ['b', 'c']), labels({ a: 'c' }), 'yes'],
  ['all its values excluded', asks('a', 'In', ['b', 'c']), asks('a', 'NotIn', ['b', 'c', 'd']), 'no'],
  ['some of its values excluded', asks('a', 'In', ['b', 'c']), asks('a', 'NotIn', ['b']), 'yes'],
  ['its key forbidden', asks('a', 'Exists'), asks('a', 'DoesNotExist'), 'no'],
  ['its excluded value’s key forbidden', asks('a', 'NotIn', ['b']), asks('a', 'DoesNotExist'), 'yes'],
  ['another key that only must be there', labels({ a: 'h' }), asks('b', 'Exists'), 'perhaps'],
  ['two keys that must be there', asks('a', 'Exists'), asks('b', 'Exists'), 'perhaps'],
  ['the same key that must be there', asks('a', 'Exists'), labels({ a: 'b' }), 'yes'],
  ['another key’s value excluded', labels({ a: 'h' }), asks('b', 'NotIn', ['x']), 'yes'],
])('a selector and one that asks for %s', (_, left, right, expected) => {
  expect(overlap(left, right)).toBe(expected);
  expect(overlap(right, left)).toBe(expected);
});

const value = fc.constantFrom('x', 'y', 'z');
const requirement: fc.Arbitrary<LabelSelectorRequirement> = fc.oneof(
  fc.record({
    key: fc.constantFrom('a', 'b'),
    operator: fc.constantFrom('In' as const, 'NotIn' as const),
    values: fc.uniqueArray(value, { minLength: 1 }),
  }),
  fc.record({
    key: fc.constantFrom('a', 'b'),
    operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const),
  }),
);
const selector = fc.record({ matchExpressions: fc.array(requirement, { maxLength: 3 }) });

/** Every object that matters: each key absent, with one of the values, or with another one. */
const OBJECTS = ['', 'x', 'y', 'z', 'other'].flatMap((a) =>
  ['', 'x', 'y', 'z', 'other'].map((b) => ({ ...(a && { a }), ...(b && { b }) })),
);

it('says no exactly where no object matches both', () => {
  fc.assert(
    fc.property(selector, selector, (left, right) => {
      const both = OBJECTS.some((object) => selects(left, object) && selects(right, object));
      expect(overlap(left, right) !== 'no').toBe(both);
    }),
    { numRuns: 1000 },
  );
});
