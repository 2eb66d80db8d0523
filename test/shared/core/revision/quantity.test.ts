import { expect, it } from 'vitest';
import { canonicalQuantity, compareQuantities } from '../../../../shared/core/revision/quantity.ts';

it.each([
  ...['+1', '1e0', '1e3', '1e9', '1E6', '1.250', '1.024M', '+2Gi', '0100m', '12Mi', '10E', '5.'],
])('%s stays as it is written', (text) => {
  expect(canonicalQuantity(text)).toBe(text);
});

it.each([
  ['1.25', '1250m'],
  ['1.0', '1'],
  ['0.100', '100m'],
  ['.5', '500m'],
  ['1000m', '1'],
  ['1000k', '1M'],
  ['12e2', '1200'],
  ['1.2e3', '1200'],
  ['12E5', '1200e3'],
  ['1024Mi', '1Gi'],
  ['8192Ki', '8Mi'],
  ['+8Gi', '8Gi'],
  ['0.5Ki', '512'],
  ['1.1Ki', '1126400m'],
  ['1.5Gi', '1536Mi'],
  ['-1.5', '-1500m'],
  ['-0', '0'],
  ['0Mi', '0'],
  ['0.0', '0'],
  ['100u', '1m'],
  ['123n', '1m'],
  ['1n', '1m'],
  ['1.0005', '1001m'],
  ['9Ei', '9223372036854775807'],
])('%s becomes %s', (text, canonical) => {
  expect(canonicalQuantity(text)).toBe(canonical);
});

it.each([
  '',
  ' 1',
  '1 ',
  '.',
  'Mi',
  '1K',
  '1mi',
  '1Zi',
  '1e',
  '1e-',
  '1.2.3',
  '0x10',
  '--1',
  '1e1000000',
  '1M5',
])('%j is not a quantity', (text) => {
  expect(canonicalQuantity(text)).toBeUndefined();
});

it.each<[string, string, number | undefined]>([
  ['1', '1000m', 0],
  ['1Gi', '1024Mi', 0],
  ['1G', '1Gi', -1],
  ['2', '1500m', 1],
  ['-1', '1', -1],
  ['1e3', '1k', 0],
  ['1', 'x', undefined],
])('%s compared with %s: %j', (left, right, expected) => {
  expect(compareQuantities(left, right)).toBe(expected);
});
