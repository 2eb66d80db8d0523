import { describe, expect, it } from 'vitest';
import { replacementIn } from '../../../../../../infra/local/cluster/controllers/job/backoff.ts';
import { ended, NOW, pod } from '../objects.ts';

const failed = (at: number) => pod(`failed${at}`, ended('Failed', at));
const succeeded = (at: number) => pod(`succeeded${at}`, ended('Succeeded', at));

describe('the wait before a failed Pod is replaced', () => {
  it.each([
    ['nothing has failed', [], 0],
    ['one failed just now', [failed(0)], 10_000],
    ['the second failed just now', [failed(-15), failed(0)], 20_000],
    ['the third failed 30 s ago', [failed(-80), failed(-60), failed(-30)], 10_000],
    ['the wait is over', [failed(-11)], 0],
    ['a success came after it', [failed(-5), succeeded(-1)], 0],
    ['a success came before it', [failed(-9), succeeded(-5), failed(0)], 10_000],
    ['many have failed', Array.from({ length: 20 }, (_, index) => failed(-index)), 600_000],
  ])('when %s', (_what, pods, expected) => {
    expect(replacementIn(pods, NOW)).toBe(expected);
  });
});
