import { expect, it } from 'vitest';
import { counted, type ProbeCount } from '../../../../../../infra/local/cluster/node/pod/probeCount.ts';

const probe = { successThreshold: 2, failureThreshold: 3 };

it.each([
  ['fails at the third failure in a row', true, 'xxx', [true, true, false]],
  ['counts anew after a success', true, 'xx.xx', [true, true, true, true, true]],
  ['succeeds at the second success in a row', false, '.x..', [false, false, false, true]],
])('a probe %s', (_, verdict, results, expected) => {
  let count: ProbeCount = { verdict, streak: 0 };
  const verdicts = [...results].map((result) => {
    count = counted(count, result === '.', probe);
    return count.verdict;
  });
  expect(verdicts).toEqual(expected);
});
