import { describe, expect, it } from 'vitest';
import { keptBack } from '../../../../shared/core/rollout/partition.ts';

describe('how many Pods a partition keeps', () => {
  it.each([
    { partition: 0, matched: 5, kept: 0, why: 'none' },
    { partition: 3, matched: 5, kept: 3, why: 'a number as it is' },
    { partition: 9, matched: 5, kept: 5, why: 'a number above all Pods keeps all' },
    { partition: 5, matched: 5, kept: 5, why: 'a number equal to all Pods keeps all' },
    { partition: '0%', matched: 5, kept: 0, why: '0% keeps none' },
    { partition: '1%', matched: 5, kept: 1, why: 'a small percentage keeps one' },
    { partition: '50%', matched: 5, kept: 3, why: 'a percentage is rounded up' },
    { partition: '90%', matched: 10, kept: 9, why: 'a percentage that comes out even' },
    { partition: '99%', matched: 5, kept: 4, why: 'a percentage below 100 lets one go' },
    { partition: '99%', matched: 1, kept: 1, why: 'unless there is only one' },
    { partition: '100%', matched: 5, kept: 5, why: '100% keeps all' },
    { partition: '1000%', matched: 5, kept: 5, why: 'more than 100% keeps all' },
    { partition: '50%', matched: 0, kept: 0, why: 'nothing to keep' },
  ])('$partition of $matched keeps $kept: $why', ({ partition, matched, kept }) => {
    expect(keptBack(partition, matched)).toBe(kept);
  });
});
