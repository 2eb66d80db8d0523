import { describe, expect, it, vi } from 'vitest';
import { received } from './fixture/received.ts';
import { event, useMachine } from './machine.ts';

const machine = useMachine();

describe('an event on the bus', () => {
  it('goes through the SDK, the bus, a rule and a queue to its function in an EventBridge envelope', async () => {
    const { queues, isIdle } = await machine.start();
    expect(
      await machine.call('/publish', { body: JSON.stringify([event('a'), event('b', ['rollout'])]) }),
    ).toMatchObject({
      status: 200,
    });
    await vi.waitFor(() => expect(received()).toHaveLength(1));
    await vi.waitFor(() => expect(isIdle('work')).toBe(true));
    expect(received()[0]).toEqual({
      atLoad: { own: "work's own", bus: undefined },
      envelope: {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Cluster Change',
        source: 'sidecarset-serverless',
        account: '000000000000',
        time: '2026-03-01T12:00:00Z',
        region: 'us-east-1',
        resources: [],
        detail: event('a'),
      },
    });
    expect(queues.depth('WorkQueue')).toBe(0);
  });

  it('that is sent on comes back after its delay', async () => {
    const { queues } = await machine.start();
    await machine.call('/publish', { body: JSON.stringify([{ ...event('a'), hops: 0 }]) });
    await vi.waitFor(() =>
      expect(machine.invocations.filter(({ trigger }) => trigger === 'queue')).toHaveLength(1),
    );
    expect([received().length, queues.depth('WorkQueue')]).toEqual([1, 1]);
    machine.clock.advance(5_000);
    await vi.waitFor(() => expect(received()).toHaveLength(2));
    expect(received()[1]).toMatchObject({ envelope: { detail: { hops: 1, ref: { name: 'a' } } } });
  });

  it('that fails too often is a dead letter that names its queue', async () => {
    const { queues } = await machine.start();
    await machine.call('/publish', { body: JSON.stringify([event('bad')]) });
    await vi.waitFor(() =>
      expect(machine.log.entries.map(({ message }) => message)).toContain(
        'messages come back after the visibility timeout',
      ),
    );
    machine.clock.advance(30_000);
    await vi.waitFor(() => expect(queues.deadLetters()).toHaveLength(1));
    expect(queues.deadLetters()).toMatchObject([
      {
        queue: 'DeadLetters',
        attributes: { DeadLetterQueueSourceArn: expect.stringContaining('WorkQueue') },
      },
    ]);
    expect(queues.depth('WorkQueue')).toBe(0);
  });
});
