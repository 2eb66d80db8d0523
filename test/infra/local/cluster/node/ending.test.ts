import { expect, it } from 'vitest';
import { Ending } from '../../../../../infra/local/cluster/node/ending.ts';
import type { Pod, PodStatus } from '../../../../../shared/model/kubernetes.ts';
import { createMovingClock } from '../../../../support/movingClock.ts';

type Phase = NonNullable<PodStatus['phase']>;

const podOf = (phase: Phase, seconds?: number, metadata: Partial<Pod['metadata']> = {}): Pod => ({
  metadata: { name: 'web', ...metadata },
  spec: { containers: [], ...(seconds !== undefined && { activeDeadlineSeconds: seconds }) },
  status: { phase },
});

const start = (pod: Pod) => {
  const clock = createMovingClock();
  const told: string[] = [];
  const tell = (reason: string) => void told.push(reason);
  const reporter = { normal: tell, warning: tell, fact: () => undefined };
  const ending: Ending = new Ending({
    pod,
    startTime: clock.now(),
    clock,
    reporter,
    wake: () => ending.watchDeadline(pod),
  });
  return { clock, told, ending };
};

it.each<[string, Pod, boolean]>([
  ['runs', podOf('Running'), false],
  ['is being deleted', podOf('Running', undefined, { deletionTimestamp: '2026-03-01T12:00:00Z' }), true],
  ['has ended before', podOf('Succeeded'), true],
])('a Pod that %s when it is first seen is due to end, or not', (_, pod, isDue) => {
  expect(start(pod).ending.isDue).toBe(isDue);
});

it('the first terminal phase from outside counts, and ends the Pod', () => {
  const { ending } = start(podOf('Running'));
  ending.see(podOf('Succeeded'));
  ending.see(podOf('Running'));
  ending.see(podOf('Failed'));
  expect([ending.settled, ending.isDue, ending.signal.aborted]).toEqual(['Succeeded', true, true]);
});

it('a terminal phase that the node has written itself is not from outside', () => {
  const { ending } = start(podOf('Running'));
  ending.over = true;
  ending.see(podOf('Failed'));
  expect([ending.settled, ending.signal.aborted]).toEqual([undefined, false]);
});

it('the deadline begins the end when it has passed, not before', () => {
  const pod = podOf('Running', 60);
  const { clock, ending, told } = start(pod);
  ending.watchDeadline(pod);
  clock.advance(59_999);
  expect([ending.isLate, ending.isDue]).toEqual([false, false]);
  clock.advance(1);
  expect([ending.isLate, ending.isDue]).toEqual([true, true]);
  expect(told).toEqual(['DeadlineExceeded']);
});

it('a deadline that is lowered counts at once', () => {
  const { ending } = start(podOf('Running'));
  ending.watchDeadline(podOf('Running', 60));
  ending.watchDeadline(podOf('Running', 0));
  expect(ending.isLate).toBe(true);
});

it.each<[string, (ending: Ending) => void]>([
  ['its containers have ended', (ending) => (ending.finished = true)],
  ['somebody has ended it', (ending) => ending.see(podOf('Succeeded'))],
  ['it is gone', (ending) => ending.leave()],
])('a Pod is not late any more when %s', (_, end) => {
  const pod = podOf('Running', 60);
  const { clock, ending, told } = start(pod);
  ending.watchDeadline(pod);
  end(ending);
  clock.advance(100_000);
  expect([ending.isLate, told]).toEqual([false, []]);
});
