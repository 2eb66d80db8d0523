import { describe, expect, it, vi } from 'vitest';
import { createQueue, retryDelay } from '../../../../../infra/local/cluster/controllers/queue.ts';
import { ClusterError } from '../../../../../shared/io/ports.ts';
import { fakeClock, fakeLog } from './objects.ts';

const gate = () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { promise, open: () => resolve(undefined) };
};

const start = (work: (key: string) => Promise<number | undefined>) => {
  const clock = fakeClock();
  const log = fakeLog();
  return { clock, log, queue: createQueue({ clock, log, work }) };
};

describe('the work queue', () => {
  it('does a key once that was added several times before its turn', async () => {
    const done: string[] = [];
    const { queue } = start(async (key) => void done.push(key));
    for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
    await vi.waitFor(() => expect(done).toEqual(['a', 'b']));
    await queue.stop();
    expect(done).toEqual(['a', 'b']);
  });

  it('does a key once more that was added while it was worked on, and never twice at a time', async () => {
    const first = gate();
    const work = vi.fn(() => first.promise);
    const { queue } = start(work);
    queue.add('a');
    await vi.waitFor(() => expect(work).toHaveBeenCalledTimes(1));
    queue.add('a');
    queue.add('a');
    await Promise.resolve();
    expect(work).toHaveBeenCalledTimes(1);
    first.open();
    await vi.waitFor(() => expect(work).toHaveBeenCalledTimes(2));
    await queue.stop();
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('goes on with other keys while one waits', async () => {
    const slow = gate();
    const done: string[] = [];
    const { queue } = start(async (key) => {
      if (key === 'slow') await slow.promise;
      done.push(key);
      return undefined;
    });
    queue.add('slow');
    queue.add('quick');
    await vi.waitFor(() => expect(done).toEqual(['quick']));
    slow.open();
    await queue.stop();
  });

  it('looks again when the work asks for it', async () => {
    const work = vi.fn(async () => (work.mock.calls.length === 1 ? 5_000 : undefined));
    const { clock, queue } = start(work);
    queue.add('a');
    await vi.waitFor(() => expect(clock.waits()).toEqual([5_000]));
    clock.pass(5_000);
    await vi.waitFor(() => expect(work).toHaveBeenCalledTimes(2));
    await queue.stop();
    expect(clock.waits()).toEqual([]);
  });

  it('retries with back-off and starts from the shortest again after a success', async () => {
    const answers = ['fail', 'fail', 'ok', 'fail'];
    const work = vi.fn(async () => {
      if (answers.shift() === 'fail') throw new Error('no');
      return undefined;
    });
    const { clock, log, queue } = start(work);
    const retriesAfter = async (milliseconds: number) => {
      await vi.waitFor(() => expect(clock.waits()).toEqual([milliseconds]));
      clock.pass(milliseconds);
    };
    queue.add('a');
    await retriesAfter(100);
    await retriesAfter(200);
    await vi.waitFor(() => expect(answers).toEqual(['fail']));
    queue.add('a');
    await retriesAfter(100);
    await vi.waitFor(() => expect(work).toHaveBeenCalledTimes(5));
    expect(log.warnings).toHaveLength(3);
    await queue.stop();
  });

  it('retries a conflict without a warning', async () => {
    const { clock, log, queue } = start(async () => {
      throw new ClusterError(409, 'Conflict', 'changed');
    });
    queue.add('a');
    await vi.waitFor(() => expect(clock.waits()).toEqual([100]));
    expect(log.warnings).toEqual([]);
    await queue.stop();
  });

  it('waits for running work when it is stopped and takes no more', async () => {
    const last = gate();
    const work = vi.fn(() => last.promise);
    const { queue } = start(work);
    queue.add('a');
    await vi.waitFor(() => expect(work).toHaveBeenCalledOnce());
    let stopped = false;
    const stopping = queue.stop().then(() => {
      stopped = true;
    });
    queue.add('b');
    await Promise.resolve();
    expect(stopped).toBe(false);
    last.open();
    await stopping;
    expect(work).toHaveBeenCalledOnce();
  });

  it.each([
    [1, 100],
    [2, 200],
    [9, 25_600],
    [10, 30_000],
    [2_000, 30_000],
  ])('waits after %i failures in a row for %i ms', (failures, delay) => {
    expect(retryDelay(failures)).toBe(delay);
  });
});
