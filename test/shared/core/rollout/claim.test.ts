import { describe, expect, it } from 'vitest';
import {
  claimed,
  claimedFor,
  comeBackIn,
  lastWrites,
  unclaimed,
} from '../../../../shared/core/rollout/claim.ts';
import type { Claim } from '../../../../shared/model/sidecarset.ts';
import { makeSet } from '../../../support/fleet.ts';
import { eventFor } from '../../../support/pods.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const STATUS = { matchedPods: 3, updatedPods: 2, readyPods: 1, latestRevision: 'logs-1' };
const withClaim = (claim?: Claim) => ({ ...makeSet('v1'), status: { ...STATUS, claim } });

describe('a claim', () => {
  it.each<{ name: string; claim: Claim | undefined; seconds: number | undefined }>([
    { name: 'is not there', claim: undefined, seconds: undefined },
    { name: 'was given up', claim: { listed: '7' }, seconds: undefined },
    { name: 'is live', claim: { holder: 'a', until: '2026-03-01T12:00:09.500Z' }, seconds: 10 },
    { name: 'is about to end', claim: { holder: 'a', until: '2026-03-01T12:00:00.001Z' }, seconds: 1 },
    { name: 'is dead', claim: { holder: 'a', until: '2026-03-01T12:00:00Z' }, seconds: undefined },
    { name: 'has no readable end', claim: { holder: 'a', until: 'soon' }, seconds: undefined },
  ])('that $name lasts $seconds s', ({ claim, seconds }) => {
    expect(claimedFor(withClaim(claim), NOW)).toBe(seconds);
  });

  it('outlives the deadline by the longest write and the clocks, and keeps the rest of the status', () => {
    expect(claimed(withClaim({ listed: '7' }), 'me', NOW).status).toEqual({
      ...STATUS,
      claim: { holder: 'me', until: '2026-03-01T12:00:10.000Z', listed: '7' },
    });
  });

  it('makes a valid status where there was none', () => {
    expect(claimed(makeSet('v1'), 'me', NOW).status).toMatchObject({
      matchedPods: 0,
      updatedPods: 0,
      readyPods: 0,
    });
  });

  it('is given up with nothing else changed', () => {
    expect(unclaimed(withClaim({ holder: 'me', until: 'x', listed: '7' }), false)).toEqual({
      ...STATUS,
      claim: { listed: '7' },
    });
  });
});

describe('what the last finished run saw', () => {
  const memory: Claim = {
    listed: '7',
    at: '2026-03-01T11:59:00.000Z',
    inFlight: { pods: 2, names: ['default/web-0', 'default/web-1'] },
  };

  it('is still there for the run that holds the claim: it counts the broken Pods by it', () => {
    expect(claimed(withClaim(memory), 'me', NOW).status?.claim).toEqual({
      ...memory,
      holder: 'me',
      until: '2026-03-01T12:00:10.000Z',
    });
  });

  it('is still there after a run that failed', () => {
    expect(unclaimed(withClaim({ ...memory, holder: 'me', until: 'x' }), false).claim).toEqual(memory);
  });

  it('is marked as not all after a run that failed when it had begun, or has died', () => {
    const dead = { ...memory, holder: 'other', until: '2026-03-01T11:00:00Z' };
    expect(unclaimed(withClaim(dead), true).claim).toEqual({ ...memory, interrupted: true });
    expect(claimed(withClaim(dead), 'me', NOW).status?.claim).toEqual({
      ...memory,
      holder: 'me',
      until: '2026-03-01T12:00:10.000Z',
      interrupted: true,
    });
  });

  it('stays marked until a run comes to its end', () => {
    const marked = { ...memory, interrupted: true };
    expect(claimed(withClaim(marked), 'me', NOW).status?.claim).toMatchObject({ interrupted: true });
    expect(unclaimed(claimed(withClaim(marked), 'me', NOW), false).claim).toEqual(marked);
  });
});

describe('the times of a claim', () => {
  it.each([
    { left: 50, hops: 0, pods: 0, kind: 'Pod', seconds: 1 },
    { left: 50, hops: 3, pods: 0, kind: 'Pod', seconds: 8 },
    { left: 50, hops: 9, pods: 0, kind: 'Pod', seconds: 50 },
    { left: 1, hops: 0, pods: 0, kind: 'Pod', seconds: 1 },
    { left: 50, hops: 0, pods: 2000, kind: 'Pod', seconds: 5 },
    { left: 50, hops: 0, pods: 90_000, kind: 'Pod', seconds: 50 },
    { left: 50, hops: 0, pods: 2000, kind: 'SidecarSet', seconds: 1 },
  ] as const)('with $left s left, $hops hops and $pods Pods at 50 %: a $kind comes back in $seconds s', ({
    left,
    hops,
    pods,
    kind,
    seconds,
  }) => {
    const set = makeSet('v2', { maxUnavailable: '50%' });
    const status = { matchedPods: pods, updatedPods: 0, readyPods: 0 };
    const event = eventFor('rollout', { ref: { kind, name: 'x' }, hops });
    expect(comeBackIn({ ...set, status }, left, event)).toBe(seconds);
  });

  it('leave room for the status after the last Pod, and for both before the deadline', () => {
    const { patch, status } = lastWrites(NOW);
    expect(patch.toISOString()).toBe('2026-03-01T11:59:48.000Z');
    expect(status.toISOString()).toBe('2026-03-01T11:59:54.000Z');
  });
});
