import { expect, it } from 'vitest';
import { isEmptySelector, selectorQuery, selects } from '../../../../shared/core/labels/selector.ts';
import type { LabelSelector } from '../../../../shared/model/kubernetes.ts';

const expression = (
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist',
  ...values: string[]
): LabelSelector => ({
  matchExpressions: [{ key: 'tier', operator, values }],
});

it.each<[string, LabelSelector, Record<string, string> | undefined, boolean]>([
  ['an empty selector holds for a Pod without labels', {}, undefined, true],
  ['matchLabels holds for equal values', { matchLabels: { app: 'web' } }, { app: 'web', tier: 'x' }, true],
  ['matchLabels fails on another value', { matchLabels: { app: 'web' } }, { app: 'db' }, false],
  ['matchLabels fails on a missing key', { matchLabels: { app: 'web' } }, undefined, false],
  ['a key of the object prototype is not a label', { matchLabels: { constructor: 'x' } }, {}, false],
  ['In holds for a listed value', expression('In', 'a', 'b'), { tier: 'b' }, true],
  ['In fails on a missing key', expression('In', 'a'), {}, false],
  ['NotIn holds for a missing key', expression('NotIn', 'a'), {}, true],
  ['NotIn fails on a listed value', expression('NotIn', 'a'), { tier: 'a' }, false],
  ['Exists holds for an empty value', expression('Exists'), { tier: '' }, true],
  ['DoesNotExist fails on a present key', expression('DoesNotExist'), { tier: 'a' }, false],
])('%s', (_, selector, labels, expected) => {
  expect(selects(selector, labels)).toBe(expected);
});

it.each<[LabelSelector, string]>([
  [{ matchLabels: { app: 'web' } }, 'app=web'],
  [expression('In', 'a', 'b'), 'tier in (a,b)'],
  [expression('NotIn', 'a'), 'tier notin (a)'],
  [expression('Exists'), 'tier'],
  [expression('DoesNotExist'), '!tier'],
])('%j is asked for as %s', (selector, query) => {
  expect(selectorQuery(selector)).toBe(query);
});

it('only a selector without requirements is empty', () => {
  expect([isEmptySelector({}), isEmptySelector(expression('Exists'))]).toEqual([true, false]);
});

it('takes nothing by an operator that it does not know, as one stored past the webhook may have', () => {
  const selector = JSON.parse('{"matchExpressions":[{"key":"app","operator":"Matches"}]}') as LabelSelector;
  expect(selects(selector, { app: 'web' })).toBe(false);
});
