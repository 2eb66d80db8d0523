/** Why a strategy may end a sidecar, or may not. */
import { describe, expect, it } from 'vitest';
import { type Facts, ladderFor } from '../../../../shared/core/termination/strategies.ts';
import type { Strategy } from '../../../../shared/core/termination/tries.ts';
import type { Container, PodSpec } from '../../../../shared/model/kubernetes.ts';
import { BY_EXIT_IMAGE, IGNORED, sidecar } from '../../../support/pods.ts';
import { FACTS, sidePod } from './setting.ts';

const NEVER: Partial<PodSpec> = { restartPolicy: 'Never' };
const ON_FAILURE: Partial<PodSpec> = { restartPolicy: 'OnFailure' };

const jobOf = (backoffLimit: number): Facts['job'] => ({ metadata: { name: 'job' }, spec: { backoffLimit } });

const ladder = (side: Container, spec: Partial<PodSpec>, facts: Partial<Facts> = {}) => {
  const { choices, excluded } = ladderFor(sidePod({ side, spec }), side, { ...FACTS, ...facts });
  return {
    order: choices.map(({ strategy }) => strategy),
    excluded: Object.fromEntries(excluded.map(({ strategy, why }) => [strategy, why])),
    why: Object.fromEntries(choices.map(({ strategy, why }) => [strategy, why])),
  };
};

describe('the reason', () => {
  it.each<[Strategy, string, Container, Partial<PodSpec>, Partial<Facts>, RegExp]>([
    ['phase', 'whose code counts', sidecar(), NEVER, {}, /exit code counts/],
    ['image', 'that names none', sidecar(), NEVER, {}, /names no exit image/],
    [
      'image',
      'whose Job bears no restart',
      sidecar('side', [BY_EXIT_IMAGE]),
      ON_FAILURE,
      { job: jobOf(1) },
      /backoffLimit/,
    ],
    [
      'exec',
      'in a shared process namespace',
      sidecar(),
      { hostPID: true },
      {},
      /process 1 is not the sidecar/,
    ],
    [
      'ephemeral',
      'in a shared process namespace',
      sidecar(),
      { shareProcessNamespace: true },
      {},
      /process 1 is not the sidecar/,
    ],
    ['ephemeral', 'without its image', sidecar(), NEVER, { killerImage: '' }, /no image .* configured/],
    [
      'stop',
      'that might wait for its image',
      sidecar(),
      ON_FAILURE,
      {},
      /another exit code than 0 .* wait for its image for ever under OnFailure/,
    ],
  ])('against %s for a sidecar %s is told', (strategy, _, side, spec, facts, expected) => {
    expect(ladder(side, spec, facts).excluded[strategy]).toMatch(expected);
  });

  it('for each strategy is told', () => {
    const { why } = ladder(sidecar('side', [IGNORED, BY_EXIT_IMAGE]), NEVER);
    expect(why).toEqual({
      phase: expect.stringContaining('not to count'),
      image: expect.stringContaining('exit image'),
      exec: expect.stringContaining('process 1'),
      ephemeral: expect.stringContaining('process 1'),
      stop: expect.stringContaining('can not start that one'),
    });
  });

  it('stands for every strategy on one of the two sides', () => {
    const { order, excluded } = ladder(sidecar(), ON_FAILURE);
    expect([...order, ...Object.keys(excluded)].sort()).toEqual([
      'ephemeral',
      'exec',
      'image',
      'phase',
      'stop',
    ]);
  });
});
