import { describe, expect, it, vi } from 'vitest';
import { type BusEntry, createBus, type EntryResult } from '../../../shared/io/bus.ts';
import type { Clock } from '../../../shared/io/ports.ts';
import type { ClusterEvent } from '../../../shared/model/event.ts';
import { createMovingClock } from '../../support/movingClock.ts';

const event = (name: string): ClusterEvent => ({
  v: 1,
  cluster: 'c1',
  ref: { kind: 'Pod', namespace: 'default', name },
  sets: [],
  calls: ['launch'],
  hops: 0,
  looks: 0,
  at: '2026-03-01T12:00:00Z',
});
const events = (count: number) => Array.from({ length: count }, (_, index) => event(`p${index}`));
const nameOf = (entry: BusEntry): string => JSON.parse(entry.Detail).ref.name;

/** Ends every pause as it begins. */
const hurried: Clock = {
  now: () => new Date(),
  after(_, action) {
    queueMicrotask(action);
    return () => undefined;
  },
};

/** A bus that refuses an entry as often as `refusals` says for its Pod. */
const createRefusingBus = (refusals: Record<string, number>) => {
  const clock = createMovingClock();
  const calls: string[][] = [];
  const putEvents = async (entries: BusEntry[]): Promise<EntryResult[]> => {
    calls.push(entries.map(nameOf));
    return entries.map((entry) => {
      const left = refusals[nameOf(entry)] ?? 0;
      refusals[nameOf(entry)] = left - 1;
      return left > 0 ? { ErrorCode: 'ThrottlingException' } : {};
    });
  };
  return { calls, bus: createBus({ busName: 'bus', clock: hurried, putEvents }), clock, putEvents };
};

describe('publishing', () => {
  it('says where each event belongs', async () => {
    const putEvents = vi.fn(async () => [{}]);
    await createBus({ busName: 'bus', putEvents }).publish([event('a')]);
    expect(putEvents).toHaveBeenCalledWith([
      {
        Source: 'sidecarset-serverless',
        DetailType: 'Cluster Change',
        EventBusName: 'bus',
        Detail: JSON.stringify(event('a')),
      },
    ]);
  });

  it('sends no more than 10 in a call, and no call for nothing', async () => {
    const { bus, calls } = createRefusingBus({});
    await bus.publish([]);
    await bus.publish(events(21));
    expect(calls.map((names) => names.length)).toEqual([10, 10, 1]);
  });

  it('sends again only what was not taken', async () => {
    const { bus, calls } = createRefusingBus({ p1: 2 });
    await bus.publish(events(3));
    expect(calls).toEqual([['p0', 'p1', 'p2'], ['p1'], ['p1']]);
  });

  it('gives up after three more tries, with number and code', async () => {
    const { bus, calls } = createRefusingBus({ p0: 9 });
    await expect(bus.publish(events(2))).rejects.toThrow(
      '1 events were not taken by the bus bus: ThrottlingException',
    );
    expect(calls).toHaveLength(4);
  });

  it('waits 100 ms before it sends again', async () => {
    const { putEvents, clock, calls } = createRefusingBus({ p0: 1 });
    const published = createBus({ busName: 'bus', clock, putEvents }).publish(events(1));
    await vi.waitFor(() => expect(clock.waiting()).toBe(1));
    clock.advance(99);
    expect(calls).toHaveLength(1);
    clock.advance(1);
    await published;
    expect(calls).toHaveLength(2);
  });

  it('takes an entry without an answer as not taken', async () => {
    const bus = createBus({ busName: 'bus', clock: hurried, putEvents: async () => [] });
    await expect(bus.publish(events(1))).rejects.toThrow(/1 events were not taken/);
  });

  it('rejects when a whole call fails', async () => {
    const putEvents = () => Promise.reject(new Error('no network'));
    await expect(createBus({ busName: 'bus', putEvents }).publish(events(1))).rejects.toThrow('no network');
  });
});
