import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fenceOf,
  newReplicas,
  oldReplicas,
} from '../../../../../../infra/local/cluster/controllers/deployment/rolling.ts';
import { deployment, replicaSet } from '../objects.ts';

const set = (replicas: number, availableReplicas = replicas) =>
  replicaSet('web-x', { replicas }, { replicas, availableReplicas });

describe('the bounds of a rolling update', () => {
  it.each([
    ['the defaults, surge up and unavailable down', 10, undefined, 3, 2],
    ['numbers', 10, { maxSurge: 2, maxUnavailable: 0 }, 2, 0],
    ['percentages', 4, { maxSurge: '0%', maxUnavailable: '50%' }, 0, 2],
    ['at least one', 4, { maxSurge: 0, maxUnavailable: '10%' }, 0, 1],
  ])('take %s', (_what, replicas, rollingUpdate, maxSurge, maxUnavailable) => {
    expect(fenceOf(deployment({ replicas, strategy: { rollingUpdate } }))).toEqual({
      replicas,
      maxSurge,
      maxUnavailable,
    });
  });
});

describe('the replicas of the new ReplicaSet', () => {
  const fence = { replicas: 10, maxSurge: 3, maxUnavailable: 2 };
  it.each([
    ['are all at once without an old one', undefined, [], 10],
    ['are the surge beside a full old one', undefined, [set(10)], 3],
    ['grow as the old ones shrink', set(3), [set(5)], 8],
    ['stay while there is no room', set(3), [set(10)], 3],
    ['stop at what is wanted', set(9), [set(0)], 10],
    ['go down with the Deployment', set(12), [], 10],
  ])('%s', (_what, current, old, expected) => {
    expect(newReplicas(fence, current, old)).toBe(expected);
  });
});

describe('the replicas of the old ReplicaSets', () => {
  const fence = { replicas: 10, maxSurge: 3, maxUnavailable: 2 };
  it.each([
    ['go down by what may be unavailable', set(3, 0), [set(10)], [8]],
    ['wait for the new Pods', set(5, 0), [set(8)], [8]],
    ['go down as new Pods become available', set(5, 3), [set(8)], [5]],
    ['lose Pods that are not available first', set(3, 3), [set(4, 4), set(6, 2)], [3, 2]],
    ['go to none in the end', set(10, 10), [set(2)], [0]],
  ])('%s', (_what, current, old, expected) => {
    expect(oldReplicas(fence, current, old)).toEqual(expected);
  });

  it('never grow nor come out negative, also when a status is behind', () => {
    const counts = fc.tuple(fc.nat(12), fc.nat(12)).map(([replicas, available]) => set(replicas, available));
    fc.assert(
      fc.property(counts, fc.array(counts, { maxLength: 3 }), fc.nat(4), (current, old, maxUnavailable) => {
        const after = oldReplicas({ replicas: 10, maxSurge: 0, maxUnavailable }, current, old);
        for (const [index, count] of after.entries()) {
          expect(count).toBeGreaterThanOrEqual(0);
          expect(count).toBeLessThanOrEqual(old[index]?.spec.replicas ?? 0);
        }
      }),
    );
  });

  it('never leave fewer available than allowed', () => {
    const counts = fc
      .tuple(fc.nat(12), fc.nat(12))
      .map(([replicas, ready]) => set(replicas, Math.min(replicas, ready)));
    fc.assert(
      fc.property(counts, fc.array(counts, { maxLength: 3 }), fc.nat(4), (current, old, maxUnavailable) => {
        const bounds = { replicas: 10, maxSurge: 0, maxUnavailable };
        const after = oldReplicas(bounds, current, old);
        const available = (index: number) => old[index]?.status?.availableReplicas ?? 0;
        const before = [current, ...old].reduce(
          (sum, { status }) => sum + (status?.availableReplicas ?? 0),
          0,
        );
        const left = after.reduce((sum, count, index) => sum + Math.min(count, available(index)), 0);
        const kept = left + (current.status?.availableReplicas ?? 0);
        expect(kept).toBeGreaterThanOrEqual(Math.min(before, 10 - maxUnavailable));
      }),
    );
  });
});
