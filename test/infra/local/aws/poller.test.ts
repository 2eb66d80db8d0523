import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { InvocationResult } from '../../../../infra/local/aws/host.ts';
import { type Poller, startPoller } from '../../../../infra/local/aws/poller.ts';
import { createQueue, type Queue } from '../../../../infra/local/aws/queue.ts';
import { createFakeLog } from '../../../support/fakes.ts';
import { createMovingClock, type MovingClock } from '../../../support/movingClock.ts';

interface Call {
  ids: string[];
  bodies: string[];
  finish(result: InvocationResult): void;
}

const recordsOf = (event: unknown): { messageId: string; body: string }[] => {
  const { Records } = event as { Records: { messageId: string; body: string }[] };
  return Records;
};
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('an event source mapping', () => {
  let clock: MovingClock;
  let queue: Queue;
  let calls: Call[];
  const source = { queueArn: 'arn:work', batchSize: 3, maximumConcurrency: 2, partialAnswers: true };
  const start = (change: object = {}): Poller =>
    startPoller({
      source: { ...source, ...change },
      queue,
      region: 'us-east-1',
      log: createFakeLog(),
      invoke: (event) =>
        new Promise((finish) => {
          const records = recordsOf(event);
          const [ids, bodies] = [records.map((r) => r.messageId), records.map((r) => r.body)];
          calls.push({ ids, bodies, finish });
        }),
    });

  beforeEach(() => {
    clock = createMovingClock();
    calls = [];
    queue = createQueue({
      clock,
      wiring: {
        id: 'W',
        name: 'w',
        arn: 'arn:work',
        visibilityTimeoutSeconds: 60,
        delaySeconds: 0,
        redrive: undefined,
      },
    });
  });

  it('takes what was sent together as one batch, no larger than the batch size', async () => {
    start();
    for (const body of ['a', 'b', 'c', 'd']) queue.send(body);
    await settled();
    expect(calls.map(({ bodies }) => bodies)).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('takes what was there before it started', async () => {
    queue.send('a');
    start();
    await settled();
    expect(calls).toHaveLength(1);
  });

  it('runs no more invocations at once than the maximum concurrency', async () => {
    start({ batchSize: 1 });
    for (const body of ['a', 'b', 'c']) queue.send(body);
    await settled();
    expect(calls.map(({ bodies }) => bodies)).toEqual([['a'], ['b']]);
    calls[0]?.finish({ succeeded: true, value: null });
    await vi.waitFor(() => expect(calls).toHaveLength(3));
  });

  it('removes what succeeded and lets the listed come back after the visibility timeout', async () => {
    start();
    for (const body of ['a', 'b']) queue.send(body);
    await settled();
    const failed = calls[0]?.ids[1];
    calls[0]?.finish({ succeeded: true, value: { batchItemFailures: [{ itemIdentifier: failed }] } });
    await settled();
    expect(queue.depth()).toBe(1);
    clock.advance(60_000);
    await settled();
    expect(calls[1]?.bodies).toEqual(['b']);
  });

  it.each<[string, InvocationResult, boolean, number]>([
    ['keeps a whole batch when the invocation fails', { succeeded: false }, true, 2],
    ['keeps a whole batch when the answer is malformed', { succeeded: true, value: 'x' }, true, 2],
    ['ignores the answer where partial answers are not on', { succeeded: true, value: 'x' }, false, 0],
    ['keeps a failed batch where partial answers are not on', { succeeded: false }, false, 2],
  ])('%s', async (_, result, partialAnswers, left) => {
    start({ partialAnswers });
    for (const body of ['a', 'b']) queue.send(body);
    await settled();
    calls[0]?.finish(result);
    await settled();
    expect(queue.depth()).toBe(left);
  });

  it('takes nothing more once it is stopped, and still settles what is under way', async () => {
    const poller = start({ maximumConcurrency: 1 });
    queue.send('a');
    await settled();
    poller.stop();
    queue.send('b');
    calls[0]?.finish({ succeeded: true, value: null });
    await settled();
    expect(calls).toHaveLength(1);
    expect(queue.messages().map(({ body }) => body)).toEqual(['b']);
  });
});
