import { describe, expect, it } from 'vitest';
import { tallyOf } from '../../../../../../infra/local/cluster/controllers/job/tracking.ts';
import { ended, job, pod, ready, seconds, TRACKED } from '../objects.ts';

const deleted = { deletionTimestamp: seconds(0) };

describe('counting ended Pods', () => {
  it.each([
    ['a success still held', {}, [pod('a', ended('Succeeded'), TRACKED)], 1, 0],
    ['a failure still held', {}, [pod('a', ended('Failed'), TRACKED)], 0, 1],
    ['a running Pod that is being deleted', {}, [pod('a', ready(), { ...TRACKED, ...deleted })], 0, 1],
    ['a running Pod', {}, [pod('a', ready(), TRACKED)], 0, 0],
    ['an ended Pod that was let go before', { succeeded: 1 }, [pod('a', ended('Succeeded'))], 1, 0],
    ['one noted and gone', { succeeded: 2, uncountedTerminatedPods: { succeeded: ['a-uid'] } }, [], 3, 0],
    [
      'one noted and still held, once',
      { uncountedTerminatedPods: { failed: ['a-uid'] } },
      [pod('a', ended('Failed'), TRACKED)],
      0,
      1,
    ],
    [
      'one noted as failed that then succeeded, as failed',
      { uncountedTerminatedPods: { failed: ['a-uid'] } },
      [pod('a', ended('Succeeded'), TRACKED)],
      0,
      1,
    ],
  ])('counts %s', (_what, status, pods, succeeded, failed) => {
    expect(tallyOf(job({}, status), pods)).toMatchObject({ succeeded, failed });
  });

  it('turns a noted uid into a count only when its Pod has no finalizer any more', () => {
    const noted = job({}, { uncountedTerminatedPods: { succeeded: ['a-uid'] } });
    expect(tallyOf(noted, [pod('a', ended('Succeeded'), TRACKED)])).toMatchObject({
      counted: { succeeded: 0 },
      waiting: { succeeded: ['a-uid'] },
    });
    expect(tallyOf(noted, [pod('a', ended('Succeeded'))])).toMatchObject({
      counted: { succeeded: 1 },
      waiting: { succeeded: [] },
    });
  });
});
