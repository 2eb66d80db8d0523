import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedByPartition, inLine } from '../../../../shared/core/rollout/line.ts';
import { keptBack } from '../../../../shared/core/rollout/partition.ts';
import { planRollout } from '../../../../shared/core/rollout/plan.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import type { IntOrString, UpdateStrategy } from '../../../../shared/model/sidecarset.ts';
import { fleet, labelled, makeFleetPod, makeSet, stopped, upgraded } from '../../../support/fleet.ts';

const selector = { matchLabels: { track: 'canary' } };
const names = (pods: Pod[]): string[] => pods.map(({ metadata }) => metadata.name);
const canaries = (pods: Pod[], count: number): Pod[] =>
  pods.map((pod, index) => (index < count ? labelled(pod, { track: 'canary' }) : pod));
/** Was upgraded to a bad image, which is old by now. */
const broken = (index: number): Pod => stopped(upgraded(makeSet('bad'), makeFleetPod(index, 'v1')));

describe('how many of the line the partition lets go', () => {
  const old = { matched: 100, outdated: 100, waiting: 100 };

  it.each<{ why: string; strategy: UpdateStrategy; counts: Partial<typeof old>; allowed: number }>([
    { why: 'no partition keeps none', strategy: {}, counts: {}, allowed: 100 },
    { why: 'the rest beyond it', strategy: { partition: 90 }, counts: {}, allowed: 10 },
    {
      why: 'Pods in flight or left alone do not fill it, as in OpenKruise',
      strategy: { partition: 90 },
      counts: { outdated: 100, waiting: 95 },
      allowed: 5,
    },
    {
      why: 'Pods that are updated do not fill it',
      strategy: { partition: 90 },
      counts: { outdated: 95, waiting: 95 },
      allowed: 5,
    },
    {
      why: 'with a selector, Pods that it does not match fill it',
      strategy: { partition: 90, selector },
      counts: { waiting: 5 },
      allowed: 5,
    },
    {
      why: 'with a selector, only so many that enough stay',
      strategy: { partition: 98, selector },
      counts: { waiting: 5 },
      allowed: 2,
    },
    {
      why: 'with a selector, those that went before count',
      strategy: { partition: 98, selector },
      counts: { outdated: 98, waiting: 3 },
      allowed: 0,
    },
    {
      why: 'with a selector, a percentage is of all matched Pods',
      strategy: { partition: '97%', selector },
      counts: { waiting: 5 },
      allowed: 3,
    },
    {
      why: 'with a selector, below it nobody goes',
      strategy: { partition: 98, selector },
      counts: { outdated: 50, waiting: 5 },
      allowed: 0,
    },
    {
      why: 'with a selector and no partition, all of the line',
      strategy: { selector },
      counts: { waiting: 5 },
      allowed: 5,
    },
    { why: 'a selector that matches nobody', strategy: { selector }, counts: { waiting: 0 }, allowed: 0 },
  ])('$allowed: $why', ({ strategy, counts, allowed }) => {
    expect(allowedByPartition(makeSet('v2', strategy), { ...old, ...counts })).toBe(allowed);
  });

  it('with a selector never leaves fewer than the partition on the old revision, nor keeps more than it must', () => {
    const partitions = fc.oneof(
      fc.nat(30),
      fc.nat(130).map((percent) => `${percent}%`),
    );
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), fc.nat(20), partitions, (waiting, kept, updated, partition) => {
        const counts = { waiting, outdated: waiting + kept, matched: waiting + kept + updated };
        const allowed = allowedByPartition(makeSet('v2', { selector, partition }), counts);
        const least = keptBack(partition, counts.matched);
        expect(allowed).toBeLessThanOrEqual(waiting);
        if (allowed > 0) expect(counts.outdated - allowed).toBeGreaterThanOrEqual(least);
        if (allowed < waiting)
          expect(counts.outdated - allowed).toBeLessThanOrEqual(Math.max(least, counts.outdated));
        if (allowed < waiting && counts.outdated >= least) expect(counts.outdated - allowed).toBe(least);
      }),
    );
  });
});

describe('partition and selector together, in a plan', () => {
  it.each<{ partition: IntOrString; upgraded: number }>([
    { partition: 90, upgraded: 5 },
    { partition: 98, upgraded: 2 },
    { partition: '90%', upgraded: 5 },
    { partition: '98%', upgraded: 2 },
    { partition: 100, upgraded: 0 },
    { partition: 0, upgraded: 5 },
  ])('of 100 Pods with 5 canaries and 20 % unavailable, partition $partition upgrades $upgraded', (given) => {
    const { partition, upgraded } = given;
    const set = makeSet('v2', { partition, selector, maxUnavailable: '20%' });
    const { upgrades, waits } = planRollout(set, { matched: canaries(fleet(100, 'v1'), 5) });
    expect(upgrades).toHaveLength(upgraded);
    expect(upgrades.every(({ pod }) => pod.metadata.labels?.['track'] === 'canary')).toBe(true);
    expect(waits.filter(({ reason }) => reason === 'NotSelected')).toHaveLength(95);
    expect(waits.filter(({ reason }) => reason === 'Partition')).toHaveLength(5 - upgraded);
  });

  it('keeps the Pods at the end of the line', () => {
    const set = makeSet('v2', { partition: 98, selector, maxUnavailable: '20%' });
    const { waits } = planRollout(set, { matched: canaries(fleet(100, 'v1'), 5) });
    const kept = waits.filter(({ reason }) => reason === 'Partition').map(({ pod }) => pod);
    expect(names(kept)).toEqual(['web-2', 'web-3', 'web-4']);
  });
});

describe('the line', () => {
  const heavy = {
    weightPriority: [{ weight: 9, matchSelector: { matchLabels: { zone: 'a' } } }],
  };
  const scattering = [{ key: 'zone', value: 'a' }];

  it('is the upgrade order if nothing else is given', () => {
    const pods = fleet(4, 'v1').toReversed();
    expect(names(inLine(makeSet('v2'), pods, pods))).toEqual(['web-0', 'web-1', 'web-2', 'web-3']);
  });

  it('is by priority, then scattered', () => {
    const pods = fleet(6, 'v1').map((pod, index) => (index >= 4 ? labelled(pod, { zone: 'a' }) : pod));
    const set = makeSet('v2', { priorityStrategy: heavy });
    expect(names(inLine(set, pods, pods)).slice(0, 2)).toEqual(['web-4', 'web-5']);
    const both = makeSet('v2', { priorityStrategy: heavy, scatterStrategy: scattering });
    expect(names(inLine(both, pods, pods))).toEqual(['web-4', 'web-0', 'web-1', 'web-2', 'web-3', 'web-5']);
  });

  it.each<{ why: string; strategy: UpdateStrategy }>([
    { why: 'by priority', strategy: { priorityStrategy: heavy } },
    { why: 'by scattering', strategy: { scatterStrategy: scattering } },
    { why: 'by both', strategy: { priorityStrategy: heavy, scatterStrategy: scattering } },
    { why: 'by nothing', strategy: {} },
  ])('has the Pods first that an earlier upgrade has broken, whatever order there is $why', ({
    strategy,
  }) => {
    const down = makeFleetPod(7, 'v1', { ready: false });
    const pods = [
      ...fleet(4, 'v1').map((pod) => labelled(pod, { zone: 'a' })),
      labelled(down, { zone: 'a' }),
      broken(5),
      broken(6),
    ];
    const line = names(inLine(makeSet('v2', strategy), pods, pods));
    expect(line.slice(0, 2)).toEqual(['web-5', 'web-6']);
    expect(line.toSorted()).toEqual(names(pods).toSorted());
  });

  it('takes a Pod that was upgraded and serves for no broken one', () => {
    const pod = makeFleetPod(5, 'v1');
    const serving = upgraded(makeSet('v1.5'), pod);
    const set = makeSet('v2', { priorityStrategy: heavy });
    const line = names(inLine(set, [serving, labelled(makeFleetPod(0, 'v1'), { zone: 'a' })], []));
    expect(line).toEqual(['web-0', 'web-5']);
  });
});
