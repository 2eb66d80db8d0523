import { beforeEach, describe, expect, it } from 'vitest';
import { createEventBus, type EventBus } from '../../../../infra/local/aws/bus.ts';
import { createQueues, type Queues } from '../../../../infra/local/aws/queues.ts';
import type { RuleWiring, Wiring } from '../../../../infra/local/aws/wiring/types.ts';
import { createFakeLog, createFixedClock, type FakeLog } from '../../../support/fakes.ts';

const queue = (id: string) => ({
  id,
  name: id,
  arn: `arn:${id}`,
  visibilityTimeoutSeconds: 30,
  delaySeconds: 0,
  redrive: undefined,
});
const rule = (name: string, pattern: unknown, queueArns: string[], deadLetterArn?: string): RuleWiring => ({
  name,
  arn: `arn:rule/${name}`,
  busName: 'events',
  pattern,
  targets: queueArns.map((queueArn) => ({
    id: queueArn,
    queueArn,
    retry: { maximumAgeSeconds: 60, maximumAttempts: 1 },
    deadLetterArn,
  })),
});
const wiring: Wiring = {
  region: 'us-east-1',
  accountId: '000000000000',
  functions: [],
  buses: [{ name: 'events', arn: 'arn:events' }],
  queues: [queue('one'), queue('two'), queue('lost')],
  rules: [
    rule('first', { source: ['s'] }, ['arn:one', 'arn:two'], 'arn:lost'),
    rule('second', { source: [{ prefix: 's' }], detail: { n: [1] } }, ['arn:one']),
  ],
};
const entry = (detail: unknown, change: object = {}) => ({
  Source: 's',
  DetailType: 'd',
  EventBusName: 'events',
  Detail: JSON.stringify(detail),
  ...change,
});

describe('the event bus', () => {
  let queues: Queues;
  let log: FakeLog;
  let bus: EventBus;
  const depths = () => ['one', 'two', 'lost'].map((id) => queues.depth(id));

  beforeEach(() => {
    const clock = createFixedClock();
    queues = createQueues(wiring, clock);
    log = createFakeLog();
    bus = createEventBus({ wiring, queues, clock, log });
  });

  it.each<[string, object, number[]]>([
    ['every target of a rule that matches', entry({}), [1, 1, 0]],
    ['one queue twice, if two rules name it', entry({ n: 1 }), [2, 1, 0]],
    ['only the rules that match', entry({ n: 1 }, { Source: 's2' }), [1, 0, 0]],
    ['nobody, if no rule matches', entry({}, { Source: 'other' }), [0, 0, 0]],
  ])('delivers to %s', (_, given, expected) => {
    bus.put([given]);
    expect(depths()).toEqual(expected);
  });

  it('takes the time, the resources and a bus by its ARN from the entry', () => {
    const time = Date.parse('2026-01-02T03:04:05Z') / 1000;
    const EventBusName = 'arn:aws:events:us-east-1:000000000000:event-bus/events';
    const [answer] = bus.put([entry({ n: 1 }, { Time: time, Resources: ['arn:x'], EventBusName })]);
    const [message] = queues.byArn('arn:two').receive(1);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      id: answer && 'EventId' in answer ? answer.EventId : 'none',
      time: '2026-01-02T03:04:05Z',
      resources: ['arn:x'],
    });
  });

  it.each<[string, object, string]>([
    ['without a source', { Source: undefined }, 'InvalidArgument'],
    ['without a detail type', { DetailType: '' }, 'InvalidArgument'],
    ['without a detail', { Detail: undefined }, 'InvalidArgument'],
    ['with a detail that is no mapping', { Detail: '[]' }, 'MalformedDetail'],
    ['for the default bus, which is not there', { EventBusName: undefined }, 'InvalidArgument'],
  ])('refuses an entry %s and takes the next', (_, change, ErrorCode) => {
    expect(bus.put([entry({}, change), entry({})])).toMatchObject([
      { ErrorCode },
      { EventId: expect.any(String) },
    ]);
    expect(depths()).toEqual([1, 1, 0]);
  });

  it('says so when an event fits neither its queue nor the dead letters', () => {
    bus.put([entry({ text: 'a'.repeat(1024 * 1024) })]);
    expect(depths()).toEqual([0, 0, 0]);
    expect(log.entries.map(({ message }) => message)).toContain(
      'the event is too large for the dead letters too',
    );
  });
});
