import { describe, expect, it } from 'vitest';
import type { Wait } from '../../../../shared/core/rollout/plan.ts';
import { summarized } from '../../../../shared/core/rollout/waiting.ts';
import { WAITING, type WaitingReason } from '../../../../shared/model/waiting.ts';
import { makeFleetPod } from '../../../support/fleet.ts';

const wait = (index: number, reason: WaitingReason): Wait => ({ pod: makeFleetPod(index, 'v1'), reason });
const waits = (count: number, reason: WaitingReason): Wait[] =>
  Array.from({ length: count }, (_, index) => wait(index, reason));

describe('what the status says of Pods that wait', () => {
  it('is nothing if none waits', () => {
    expect(summarized([])).toEqual([]);
  });

  it('is a count for each reason, reasons in alphabetical order, Pods in that of the rollout', () => {
    expect(
      summarized([wait(3, 'Stopped'), wait(2, 'Failing'), wait(1, 'Stopped'), wait(0, 'InFlight')]),
    ).toEqual([
      { reason: 'Failing', pods: 1, names: ['default/web-2'] },
      { reason: 'InFlight', pods: 1, names: ['default/web-0'] },
      { reason: 'Stopped', pods: 2, names: ['default/web-3', 'default/web-1'] },
    ]);
  });

  it.each([
    { pods: 9, names: 9 },
    { pods: 10, names: 10 },
    { pods: 11, names: 10 },
    { pods: 1000, names: 10 },
  ])('names $names of $pods Pods, the first ones, and counts all', ({ pods, names }) => {
    const [summary] = summarized(waits(pods, 'MaxUnavailable'));
    expect(summary).toMatchObject({ reason: 'MaxUnavailable', pods });
    expect(summary?.names).toEqual(Array.from({ length: names }, (_, index) => `default/web-${index}`));
  });

  it('knows every reason, and has a sentence for each', () => {
    const reasons = Object.keys(WAITING) as WaitingReason[];
    expect(reasons).toEqual(reasons.toSorted());
    expect(
      summarized(reasons.map((reason, index) => wait(index, reason))).map(({ reason }) => reason),
    ).toEqual(reasons);
    for (const sentence of Object.values(WAITING)) expect(sentence).not.toBe('');
  });
});
