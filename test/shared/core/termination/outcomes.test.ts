import { expect, it } from 'vitest';
import { TRY_CODES, terminationOutcomes } from '../../../../shared/core/termination/outcomes.ts';
import { STRATEGIES } from '../../../../shared/core/termination/tries.ts';
import { eventFor } from '../../../support/pods.ts';

it('comes back once, for the container that is due first', () => {
  const event = eventFor('terminate');
  expect(
    terminationOutcomes(
      [
        { container: 'a', code: 'TerminationSignalled', seconds: 31 },
        { container: 'b', code: 'TerminationFailed', seconds: 5, why: 'no shell' },
        { container: 'c', code: 'TerminationSignalled', seconds: 31 },
        { container: 'd', code: 'TerminationGivenUp' },
      ],
      event,
    ),
  ).toEqual([
    {
      kind: 'later',
      code: 'TerminationFailed',
      seconds: 5,
      event,
      detail: { containers: ['b'], why: ['no shell'] },
    },
    { kind: 'done', code: 'TerminationSignalled', detail: { containers: ['a', 'c'] } },
    { kind: 'done', code: 'TerminationGivenUp', detail: { containers: ['d'] } },
  ]);
});

it('does not come back when nothing is due', () => {
  const results = [{ container: 'a', code: 'TerminationNotRunning' as const }];
  expect(terminationOutcomes(results, eventFor('terminate'))).toEqual([
    { kind: 'done', code: 'TerminationNotRunning', detail: { containers: ['a'] } },
  ]);
});

it('says nothing where nothing was done', () => {
  expect(terminationOutcomes([], eventFor('terminate'))).toEqual([]);
});

it('has a code of its own for each strategy', () => {
  expect(new Set(STRATEGIES.map((strategy) => TRY_CODES[strategy])).size).toBe(STRATEGIES.length);
});
