import { describe, expect, it } from 'vitest';
import { compareQuantities, quantityFault } from '../../../../../infra/local/cluster/api/quantity.ts';

describe('an amount', () => {
  it.each([
    ['1000m', '1', 0],
    ['1', 1, 0],
    ['0.1', '100m', 0],
    ['.5', '500m', 0],
    ['1Gi', '1024Mi', 0],
    ['1.5Ki', '1536', 0],
    ['1e3', '1k', 0],
    ['1E', '1000P', 0],
    ['1G', '1Gi', -1],
    ['100u', '1n', 1],
    ['-1', '0', -1],
    ['5', 'many', 1],
  ])('of %s compares to %s with %i', (left, right, expected) => {
    expect(compareQuantities(left, right)).toBe(expected);
    expect(compareQuantities(right, left)).toBe(expected === 0 ? 0 : -expected);
  });

  it.each(['0', '1', '0.5', '12e6', '1E-3', '+2Ki', 3, '1.'])('can be %s', (text) => {
    expect(quantityFault(text)).toBeUndefined();
  });

  it.each(['', 'many', '1 Gi', '1x', true, {}])('cannot be %j: it has no such form', (value) => {
    expect(quantityFault(value)).toContain('must match the regular expression');
  });

  it.each(['1nn', '1K', '1e'])('cannot be %s: it has no such suffix', (text) => {
    expect(quantityFault(text)).toBe("unable to parse quantity's suffix");
  });
});
