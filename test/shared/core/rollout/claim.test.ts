import { describe, expect, it } from 'vitest';
import { claimed, claimedFor, unclaimed } from '../../../../shared/core/rollout/claim.ts';
import type { Claim } from '../../../../shared/model/sidecarset.ts';
import { makeSet } from '../../../support/fleet.ts';

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
    expect(unclaimed(withClaim({ holder: 'me', until: 'x', listed: '7' }))).toEqual({
      ...STATUS,
      claim: { listed: '7' },
    });
  });
});
