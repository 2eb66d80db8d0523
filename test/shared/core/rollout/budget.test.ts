import { describe, expect, it } from 'vitest';
import { freeBudget, heldPods, withinBudget } from '../../../../shared/core/rollout/budget.ts';
import { podPatch } from '../../../../shared/core/rollout/podPatch.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSet } from '../../../../shared/model/sidecarset.ts';
import { fleet, makeFleetPod, makeSet, patched, restarted, stopped } from '../../../support/fleet.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const upgradeTo = (tag: string, pod: Pod): Pod =>
  patched(pod, podPatch(makeSet(tag), { pod, way: 'image' }, 'logs-1', NOW));
const old = makeFleetPod(0, 'v1');
const free = (set: SidecarSet, pods: Pod[]): number =>
  freeBudget(set, pods.length, heldPods(set, pods).length);

describe('the free part of maxUnavailable', () => {
  it.each([
    { maxUnavailable: undefined, free: 1, why: 'is 1 if not given' },
    { maxUnavailable: 0, free: 0, why: 'can be 0' },
    { maxUnavailable: '5%', free: 1, why: 'is a percentage rounded up' },
    { maxUnavailable: '20%', free: 1, why: 'is a percentage of the matched Pods' },
    { maxUnavailable: '21%', free: 2, why: 'is rounded up from the next Pod on' },
    { maxUnavailable: '101%', free: 6, why: 'may be more than all' },
  ])('of 5 Pods: $maxUnavailable $why', ({ maxUnavailable, free: expected }) => {
    expect(free(makeSet('v2', { maxUnavailable }), fleet(5, 'v1'))).toBe(expected);
  });

  it.each([
    { state: 'on the old revision', pod: old, busy: 0 },
    { state: 'on the old revision and not ready', pod: stopped(old), busy: 0 },
    { state: 'just patched, still serving', pod: upgradeTo('v2', old), busy: 1 },
    { state: 'patched and stopped', pod: stopped(upgradeTo('v2', old)), busy: 1 },
    { state: 'running the new image but not ready', pod: stopped(restarted(upgradeTo('v2', old))), busy: 1 },
    { state: 'back', pod: restarted(upgradeTo('v2', old)), busy: 0 },
    { state: 'still on its way to a revision in between', pod: upgradeTo('v1.5', old), busy: 1 },
    {
      state: 'injected with the new revision and not ready',
      pod: makeFleetPod(0, 'v2', { ready: false }),
      busy: 1,
    },
  ])('a Pod that is $state takes $busy of it', ({ pod, busy }) => {
    expect(free(makeSet('v2', { maxUnavailable: 2 }), [pod])).toBe(2 - busy);
  });

  it('counts 4 of 10 as taken when 26 of 30 updated Pods are back', () => {
    const updated = fleet(26, 'v2');
    const down = Array.from({ length: 4 }, (_, index) => makeFleetPod(26 + index, 'v2', { ready: false }));
    const waiting = Array.from({ length: 70 }, (_, index) => makeFleetPod(30 + index, 'v1'));
    expect(free(makeSet('v2', { maxUnavailable: 10 }), [...updated, ...down, ...waiting])).toBe(6);
  });

  it('is never negative', () => {
    const down = Array.from({ length: 4 }, (_, index) => makeFleetPod(index, 'v2', { ready: false }));
    expect(free(makeSet('v2', { maxUnavailable: 2 }), down)).toBe(0);
  });
});

describe('the walk along the line', () => {
  const line = (pattern: string) =>
    [...pattern].map((mark, index) => ({ pod: makeFleetPod(index, 'v1', { ready: mark === 'r' }) }));

  it.each([
    { pods: 'rrr', budget: 2, taken: 2, why: 'each ready Pod costs one' },
    { pods: 'nnn', budget: 0, taken: 3, why: 'Pods that are not ready are free' },
    { pods: 'nrnr', budget: 1, taken: 3, why: 'free ones do not use it up' },
    { pods: 'rrn', budget: 1, taken: 1, why: 'the first refusal ends the walk, even before a free one' },
    { pods: '', budget: 3, taken: 0, why: 'nobody waits' },
  ])('takes $taken of "$pods" with $budget: $why', ({ pods, budget, taken }) => {
    expect(withinBudget(makeSet('v2'), line(pods), budget)).toHaveLength(taken);
  });
});
