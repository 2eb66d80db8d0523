import { describe, expect, it } from 'vitest';
import {
  freeBudget,
  heldPods,
  isBroken,
  unavailableLimit,
  withinBudget,
} from '../../../../shared/core/rollout/budget.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSet } from '../../../../shared/model/sidecarset.ts';
import {
  annotated,
  fleet,
  makeFleetPod,
  makeHotPod,
  makeHotSet,
  makeSet,
  remembering,
  restarted,
  starts,
  stopped,
  stops,
  upgraded,
} from '../../../support/fleet.ts';

const upgradeTo = (tag: string, pod: Pod): Pod => upgraded(makeSet(tag), pod);
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

const broken = (index: number): Pod => stopped(upgradeTo('bad', makeFleetPod(index, 'v1')));
const heldNames = (set: SidecarSet, pods: Pod[]): string[] =>
  heldPods(set, pods).map(({ metadata }) => metadata.name);

describe('a Pod is broken', () => {
  it.each<{ name: string; pod: Pod; expected: boolean }>([
    { name: 'upgraded to what is old by now, and down', pod: broken(0), expected: true },
    {
      name: 'upgraded to what is old by now, and serving',
      pod: restarted(upgradeTo('v1.5', old)),
      expected: false,
    },
    { name: 'never upgraded, and down', pod: stopped(old), expected: false },
    { name: 'upgraded to the latest, and down', pod: stopped(upgradeTo('v2', old)), expected: false },
    {
      name: 'upgraded by another SidecarSet, and down',
      pod: annotated(stopped(old), { 'kruise.io/sidecarset-inplace-update-state': '{"other":{}}' }),
      expected: false,
    },
    {
      name: 'down, with a record that can not be read',
      pod: annotated(stopped(old), { 'kruise.io/sidecarset-inplace-update-state': '{"logs":7}' }),
      expected: false,
    },
  ])('$expected: $name', ({ pod, expected }) => {
    expect(isBroken(makeSet('v2'), pod)).toBe(expected);
  });
});

describe('the Pods that an upgrade holds', () => {
  const set = makeSet('v2', { maxUnavailable: 2 });
  const taken = upgradeTo('v2', makeFleetPod(5, 'v1'));

  it.each<{ name: string; remembered: number | undefined; pods: Pod[]; held: string[] }>([
    { name: 'none of the broken without a memory', remembered: undefined, pods: [broken(0)], held: [] },
    { name: 'none that broke by themselves', remembered: 0, pods: [broken(0), broken(1)], held: [] },
    {
      name: 'the broken that the last run held',
      remembered: 2,
      pods: [broken(0), broken(1)],
      held: ['web-0', 'web-1'],
    },
    {
      name: 'of the broken only as many as the last run held',
      remembered: 1,
      pods: [broken(0), broken(1)],
      held: ['web-0'],
    },
    { name: 'those on their way first', remembered: 1, pods: [broken(0), taken], held: ['web-5'] },
    {
      name: 'those on their way and broken ones',
      remembered: 2,
      pods: [broken(0), taken, broken(1)],
      held: ['web-5', 'web-0'],
    },
    {
      name: 'no more broken ones than there are',
      remembered: 9,
      pods: [broken(0), makeFleetPod(1, 'v1')],
      held: ['web-0'],
    },
    {
      name: 'not those that are back',
      remembered: 2,
      pods: [restarted(taken), makeFleetPod(1, 'v1')],
      held: [],
    },
    { name: 'none that were never upgraded and are down', remembered: 3, pods: [stopped(old)], held: [] },
  ])('are $held: $name', ({ remembered, pods, held }) => {
    expect(heldNames(remembered === undefined ? set : remembering(set, remembered), pods)).toEqual(held);
  });

  it('are all of the broken after a run that did not come to its end: nobody knows how many it took', () => {
    const { status } = remembering(set, 0);
    const interrupted = { ...set, status: { ...status, claim: { ...status?.claim, interrupted: true } } };
    expect(heldNames(interrupted as SidecarSet, [broken(0), broken(1), makeFleetPod(2, 'v1')])).toEqual([
      'web-0',
      'web-1',
    ]);
  });

  it.each<{ name: string; names: string[]; pods: Pod[]; held: string[] }>([
    { name: 'named ones', names: ['default/web-1'], pods: [broken(0), broken(1)], held: ['web-1'] },
    {
      name: 'none if those that are named are back',
      names: ['default/web-5'],
      pods: [broken(0), restarted(taken)],
      held: [],
    },
    { name: 'none if those that are named are gone', names: ['default/web-9'], pods: [broken(0)], held: [] },
  ])('are of the broken the $name, if the status names all that were on their way', ({
    names,
    pods,
    held,
  }) => {
    expect(heldNames(remembering(set, names.length, names), pods)).toEqual(held);
  });

  it('are those whose hot upgrade is not over, whatever revision they go to', () => {
    const pod = makeHotPod(0, 'v1');
    const migrating = upgraded(makeHotSet('v2'), pod);
    for (const candidate of [migrating, stops(migrating, 'mesh-2'), starts(migrating, 'mesh-2')]) {
      expect(heldNames(makeHotSet('v2'), [candidate])).toEqual(['web-0']);
      expect(heldNames(makeHotSet('v3'), [candidate])).toEqual(['web-0']);
    }
  });

  it('are those that were evicted, came back broken, and are of an old revision by now', () => {
    // Evicted for the revision `bad`, made anew with it by its owner: no update was ever recorded on this very Pod.
    const again = makeFleetPod(0, 'bad', { ready: false });
    expect(heldNames(makeSet('bad'), [again])).toEqual(['web-0']);
    expect(heldNames(remembering(set, 1, ['default/web-0']), [again])).toEqual(['web-0']);
  });
});

describe('maxUnavailable as a number of Pods', () => {
  it.each([
    { maxUnavailable: undefined, matched: 10, limit: 1 },
    { maxUnavailable: 3, matched: 10, limit: 3 },
    { maxUnavailable: '25%', matched: 10, limit: 3 },
    { maxUnavailable: '0%', matched: 10, limit: 0 },
    { maxUnavailable: 3, matched: 0, limit: 3 },
    { maxUnavailable: '50%', matched: 0, limit: 0 },
    { maxUnavailable: 'half', matched: 10, limit: 0 },
    { maxUnavailable: -1, matched: 10, limit: 0 },
    { maxUnavailable: 1.5, matched: 10, limit: 0 },
  ])('of $matched with $maxUnavailable is $limit', ({ maxUnavailable, matched, limit }) => {
    expect(unavailableLimit(makeSet('v2', { maxUnavailable }), matched)).toBe(limit);
  });

  it('is used up by Pods that were evicted and are not replaced, too', () => {
    const set = makeSet('v2', { maxUnavailable: 3 });
    expect([0, 1, 3, 4].map((out) => freeBudget(set, 10, out))).toEqual([3, 2, 0, 0]);
  });
});
