import { expect, it } from 'vitest';
import { graceSeconds, nextStepAt } from '../../../../shared/core/termination/timing.ts';
import type { Try } from '../../../../shared/core/termination/tries.ts';
import { NOW, sidePod, tried } from './setting.ts';

const secondsAfter = (tries: Try[], grace?: number): number =>
  (nextStepAt(sidePod({ spec: { terminationGracePeriodSeconds: grace } }), tries).getTime() - NOW.getTime()) /
  1000;

const failures = (count: number): Try[] =>
  Array.from({ length: count }, () => tried('exec', 0, { outcome: 'failed' }));

it.each<[string, Try[], number | undefined, number]>([
  ['a signal has the grace period and five seconds', [tried('exec', 0)], 20, 25],
  ['a signal has 35 s where the Pod names no grace period', [tried('exec', 0)], undefined, 35],
  ['a signal has six seconds where the grace period is none', [tried('exec', 0)], 0, 6],
  ["an exit image has the node's time besides", [tried('image', 0)], 20, 30],
  ['an image that can not be started has the same', [tried('stop', 0)], 20, 30],
  ['an ephemeral container has the time to start besides', [tried('ephemeral', 0)], 20, 30],
  ["a phase has the node's time besides", [tried('phase', 0)], 20, 30],
  ['a refused try has no time', [tried('exec', 0, { outcome: 'refused' })], 20, 0],
  ['a try that failed is due again after 5 s', failures(1), 20, 5],
  ['the third failure is no different', failures(3), 20, 5],
  ['after that a minute passes', failures(4), 20, 60],
  [
    'failures of another strategy do not count',
    [...failures(3), tried('ephemeral', 0, { outcome: 'failed' })],
    20,
    5,
  ],
  ['only the last try counts', [tried('image', 50), tried('exec', 0)], 20, 25],
  ['a try of before has had its time', [tried('exec', 35)], 20, -10],
])('%s', (_, tries, grace, expected) => {
  expect(secondsAfter(tries, grace)).toBe(expected);
});

it('the first try is due at once', () => {
  expect(nextStepAt(sidePod(), []) <= NOW).toBe(true);
});

it.each([
  [undefined, 30],
  [0, 1],
  [1, 1],
  [600, 600],
])('a grace period of %s s is one of %i s', (grace, expected) => {
  expect(graceSeconds(sidePod({ spec: { terminationGracePeriodSeconds: grace } }))).toBe(expected);
});
