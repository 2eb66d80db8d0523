import { expect, it } from 'vitest';
import { createLater, type DelayedMessage } from '../../../shared/io/later.ts';

const event = {
  v: 1 as const,
  cluster: 'c1',
  ref: { kind: 'SidecarSet' as const, name: 'logs' },
  sets: ['logs'],
  calls: ['rollout' as const],
  hops: 0,
  looks: 0,
  at: '2026-03-01T12:00:00Z',
};

it.each([
  [0, 0],
  [0.2, 1],
  [5, 5],
  [-3, 0],
  [100_000, 900],
])('sends a message that is wanted in %d s with a delay of %d s', async (wanted, DelaySeconds) => {
  const sent: DelayedMessage[] = [];
  await createLater({ queueUrl: 'http://q', sendMessage: async (message) => sent.push(message) }).send(
    event,
    wanted,
  );
  expect(sent).toMatchObject([{ QueueUrl: 'http://q', DelaySeconds }]);
});
