import { describe, expect, it } from 'vitest';
import { planRollout } from '../../../../shared/core/rollout/plan.ts';
import { missingPods, recreatingAfter } from '../../../../shared/core/rollout/recreating.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import type { Recreating, SidecarSet, UpdateStrategy } from '../../../../shared/model/sidecarset.ts';
import { fleet, makeSet, marked, reshaped } from '../../../support/fleet.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const BEYOND = 'serverless.sidecarset.io/beyond-image';
const set = (recreating?: Recreating, matchedPods = 10, words = 'recreate'): SidecarSet => ({
  ...marked(makeSet('v2'), { [BEYOND]: words }),
  status: { matchedPods, updatedPods: 0, readyPods: 0, recreating },
});
/** A run began to evict and did not come to its end; 3 may be out. */
const interrupted = (of: SidecarSet): SidecarSet => ({
  ...of,
  spec: { ...of.spec, updateStrategy: { maxUnavailable: 3 } },
  status: { matchedPods: 10, updatedPods: 0, readyPods: 0, ...of.status, claim: { interrupted: true } },
});
const until = (time: string, pods = 10): Recreating => ({ pods, until: `2026-03-01T${time}Z` });

describe('how many evicted Pods are missing', () => {
  it.each<{ name: string; set: SidecarSet; matched: number; missing: number }>([
    { name: 'nothing was evicted', set: set(), matched: 10, missing: 0 },
    { name: 'some were, and are not replaced', set: set(until('12:04:00')), matched: 8, missing: 2 },
    { name: 'all are replaced', set: set(until('12:04:00')), matched: 10, missing: 0 },
    { name: 'the owner was scaled up meanwhile', set: set(until('12:04:00')), matched: 12, missing: 0 },
    { name: 'a run crashed before it could say so', set: interrupted(set()), matched: 7, missing: 3 },
    {
      name: 'a run crashed after many were evicted',
      set: interrupted(set(until('12:04:00'))),
      matched: 5,
      missing: 5,
    },
    {
      name: 'a run crashed that evicts nothing',
      set: interrupted(set(undefined, 10, 'resize')),
      matched: 7,
      missing: 0,
    },
    { name: 'the owner was scaled down, and nothing evicted', set: set(), matched: 7, missing: 0 },
    { name: 'nobody waits for them any more', set: set(until('12:00:00')), matched: 8, missing: 0 },
    {
      name: 'none has come in time: their owner can not make Pods',
      set: set({ ...until('11:59:00'), evicted: 2 }),
      matched: 8,
      missing: 2,
    },
    {
      name: 'one has come in time: the other one was scaled away',
      set: set({ ...until('11:59:00'), evicted: 2 }),
      matched: 9,
      missing: 0,
    },
    { name: 'the time can not be read', set: set({ pods: 10, until: 'soon' }), matched: 8, missing: 0 },
    {
      name: 'nothing is evicted any more, and some are missing still',
      set: set(until('12:04:00'), 10, 'resize'),
      matched: 7,
      missing: 3,
    },
    { name: 'no run has finished', set: { ...set(), status: undefined }, matched: 7, missing: 0 },
  ])('is $missing of $matched: $name', ({ set: given, matched, missing }) => {
    expect(missingPods(given, matched, NOW)).toBe(missing);
  });
});

describe('what the status remembers of evictions', () => {
  it.each<{
    name: string;
    set: SidecarSet;
    matched: number;
    evicted: number;
    expected: Recreating | undefined;
  }>([
    { name: 'nothing if nothing was evicted', set: set(), matched: 10, evicted: 0, expected: undefined },
    {
      name: 'how many there were, for five minutes',
      set: set(),
      matched: 10,
      evicted: 2,
      expected: { ...until('12:05:00.000'), evicted: 2 },
    },
    {
      name: 'the same, not longer, while they are missing',
      set: set(until('12:04:00')),
      matched: 8,
      evicted: 0,
      expected: until('12:04:00'),
    },
    {
      name: 'longer when more are evicted, and how many in all',
      set: set({ ...until('12:04:00'), evicted: 2 }),
      matched: 9,
      evicted: 1,
      expected: { ...until('12:05:00.000'), evicted: 3 },
    },
    {
      name: 'nothing once they are replaced',
      set: set(until('12:04:00')),
      matched: 10,
      evicted: 0,
      expected: undefined,
    },
    {
      name: 'nothing once their time is over',
      set: set(until('11:59:00')),
      matched: 8,
      evicted: 0,
      expected: undefined,
    },
    {
      name: 'what a crashed run did not',
      set: interrupted(set()),
      matched: 7,
      evicted: 0,
      expected: until('12:05:00.000'),
    },
    {
      name: 'longer after a run that crashed',
      set: interrupted(set(until('12:04:00'))),
      matched: 7,
      evicted: 0,
      expected: until('12:05:00.000'),
    },
    {
      name: 'the larger number after a scale-up',
      set: set(until('12:04:00')),
      matched: 12,
      evicted: 1,
      expected: { ...until('12:05:00.000', 12), evicted: 1 },
    },
  ])('is $expected: $name', ({ set: given, matched, evicted, expected }) => {
    expect(recreatingAfter(given, { matched, evicted }, NOW)).toEqual(expected);
  });

  it('is forgotten for good: the next run does not begin again', () => {
    const over = set(until('11:59:00'), 8);
    const status = { ...over.status, recreating: recreatingAfter(over, { matched: 8, evicted: 0 }, NOW) };
    expect(missingPods({ ...over, status } as SidecarSet, 8, NOW)).toBe(0);
  });
});

describe('Pods that are evicted and not replaced yet', () => {
  const owned = (pods: Pod[]): Pod[] =>
    pods.map((pod) => ({
      ...pod,
      metadata: {
        ...pod.metadata,
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'R', name: 'r', uid: 'u', controller: true }],
      },
    }));
  const recreating = (strategy: UpdateStrategy): SidecarSet =>
    marked(reshaped(makeSet('v2', strategy)), { [BEYOND]: 'recreate' });

  it('use up the budget', () => {
    const plan = planRollout(recreating({ maxUnavailable: 3 }), {
      matched: owned(fleet(8, 'v1')),
      missing: 2,
    });
    expect(plan.budget).toBe(1);
    expect(plan.upgrades).toMatchObject([{ way: 'recreate' }]);
  });

  it.each([
    { maxUnavailable: '50%', pods: 10, evicted: 5 },
    { maxUnavailable: '30%', pods: 10, evicted: 3 },
    { maxUnavailable: 3, pods: 10, evicted: 3 },
  ])('use up the budget of $maxUnavailable, though the run that evicted $evicted of $pods has died', (given) => {
    const { maxUnavailable, pods, evicted } = given;
    const dead = {
      ...recreating({ maxUnavailable }),
      status: { matchedPods: pods, updatedPods: 0, readyPods: pods, claim: { interrupted: true } },
    };
    const matched = owned(fleet(pods - evicted, 'v1'));
    const missing = missingPods(dead, matched.length, NOW);
    expect(planRollout(dead, { matched, missing }).upgrades).toEqual([]);
  });

  it.each([
    { partition: '90%', pods: 10, maxUnavailable: 3, allowed: 1 },
    { partition: '50%', pods: 10, maxUnavailable: 10, allowed: 5 },
    { partition: '50%', pods: 7, maxUnavailable: 7, allowed: 3 },
    { partition: 4, pods: 10, maxUnavailable: 10, allowed: 6 },
  ])('do not make a partition of $partition of $pods smaller', ({
    partition,
    pods,
    maxUnavailable,
    allowed,
  }) => {
    const set = recreating({ partition, maxUnavailable });
    let matched = owned(fleet(pods, 'v1'));
    for (let runs = 0; runs < pods; runs++) {
      const { upgrades } = planRollout(set, { matched, missing: pods - matched.length });
      matched = matched.filter((pod) => !upgrades.some((upgrade) => upgrade.pod === pod));
    }
    expect(pods - matched.length).toBe(allowed);
  });
});
