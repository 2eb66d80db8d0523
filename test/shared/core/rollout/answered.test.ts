import { describe, expect, it } from 'vitest';
import { isAnswered } from '../../../../shared/core/rollout/answered.ts';
import { restOf, watchOver } from '../../../../shared/core/rollout/rest.ts';
import type { ClusterEvent } from '../../../../shared/model/event.ts';
import { makeSet } from '../../../support/fleet.ts';
import { eventFor } from '../../../support/pods.ts';

const finished = (listed: string | undefined, observedGeneration = 1) => ({
  ...makeSet('v2'),
  status: { matchedPods: 0, updatedPods: 0, readyPods: 0, observedGeneration, claim: { listed } },
});
const pod = (resourceVersion: string, uid = 'uid-x') => ({ name: 'job-x', uid, resourceVersion });

describe('a Pod event is answered', () => {
  it.each([
    { name: 'listed as it is now', now: pod('90'), old: '80', listed: '90', answered: true },
    { name: 'listed later', now: pod('90'), old: '80', listed: '100', answered: true },
    { name: 'changed since the list', now: pod('101'), old: '80', listed: '100', answered: false },
    { name: 'compared as numbers', now: pod('9'), old: '8', listed: '10', answered: true },
    {
      name: 'beyond what a double can tell apart',
      now: pod('9007199254740993'),
      old: '8',
      listed: '9007199254740992',
      answered: false,
    },
    { name: 'the write is still not visible', now: pod('80'), old: '80', listed: '100', answered: false },
    { name: 'created and listed', now: pod('90'), old: undefined, listed: '100', answered: true },
    { name: 'gone', now: undefined, old: '80', listed: '100', answered: false },
    { name: 'replaced by a namesake', now: pod('90', 'uid-y'), old: '80', listed: '100', answered: false },
    { name: 'no run has finished', now: pod('90'), old: '80', listed: undefined, answered: false },
    { name: 'versions that are no numbers', now: pod('90a'), old: '80', listed: '100', answered: false },
  ])('$answered: $name', ({ now, old, listed, answered }) => {
    expect(isAnswered(eventFor('rollout', { resourceVersion: old }), finished(listed), now)).toBe(answered);
  });
});

describe('a SidecarSet event is answered', () => {
  const event = (resourceVersion?: string): ClusterEvent =>
    eventFor('rollout', { ref: { kind: 'SidecarSet', name: 'logs' }, sets: ['logs'], resourceVersion });

  it.each([
    { name: 'its generation was worked on', event: event('5'), observed: 1, answered: true },
    { name: 'its generation is newer', event: event('5'), observed: 0, answered: false },
    { name: 'resync and CREATE never', event: event(), observed: 1, answered: false },
    {
      name: 'the rest of a run never',
      event: restOf(event('5'), makeSet('v2')),
      observed: 1,
      answered: false,
    },
  ])('$answered: $name', ({ event: given, observed, answered }) => {
    expect(isAnswered(given, finished('100', observed), undefined)).toBe(answered);
  });
});

describe('an event that watches over a batch is answered', () => {
  const watching = (listed: string): ClusterEvent =>
    watchOver(eventFor('rollout', { resourceVersion: '5' }), makeSet('v2'), listed);

  it.each([
    { name: 'no run has listed the Pods since', event: watching('100'), listed: '100', answered: false },
    { name: 'a run has listed the Pods since', event: watching('100'), listed: '120', answered: true },
    {
      name: 'a run has listed them, and there is no order of versions',
      event: watching('b'),
      listed: 'a',
      answered: true,
    },
    {
      name: 'no run has finished, so nothing is on its way',
      event: watching('100'),
      listed: undefined,
      answered: true,
    },
  ])('$answered: $name', ({ event: given, listed, answered }) => {
    expect(isAnswered(given, finished(listed, 0), undefined)).toBe(answered);
  });

  it('is about the SidecarSet alone, and begins its looks anew', () => {
    const event = eventFor('rollout', {
      resourceVersion: '5',
      sets: ['a', 'logs'],
      calls: ['launch'],
      looks: 3,
      hops: 2,
    });
    expect(watchOver(event, makeSet('v2'), '9')).toEqual({
      ...event,
      resourceVersion: undefined,
      ref: { kind: 'SidecarSet', name: 'logs', uid: 'set-uid' },
      sets: ['logs'],
      calls: ['rollout'],
      looks: 0,
      listed: '9',
    });
  });

  it('never once only the rest of it is left', () => {
    expect(restOf(watching('100'), makeSet('v2'))).not.toHaveProperty('listed');
  });
});
