import { beforeEach, describe, expect, it } from 'vitest';
import { createQueue, type Message, type Queue } from '../../../../infra/local/aws/queue.ts';
import { createMovingClock, type MovingClock } from '../../../support/movingClock.ts';

const wiring = {
  id: 'Work',
  name: 'work',
  arn: 'arn:aws:sqs:us-east-1:000000000000:work',
  visibilityTimeoutSeconds: 60,
  delaySeconds: 0,
  redrive: { deadLetterArn: 'arn:dead', maxReceiveCount: 2 },
};

describe('a standard queue', () => {
  let clock: MovingClock;
  let dead: Message[];
  let queue: Queue;
  const bodies = (most = 10) => queue.receive(most).map(({ body }) => body);

  beforeEach(() => {
    clock = createMovingClock();
    dead = [];
    queue = createQueue({ wiring, clock, deadLetters: (message) => dead.push(message) });
  });

  it('gives at most as many messages as asked for', () => {
    for (const body of ['a', 'b', 'c']) queue.send(body);
    expect(bodies(2)).toEqual(['a', 'b']);
    expect(bodies(2)).toEqual(['c']);
  });

  it('hides a received message until the visibility timeout is over, then counts the next receive', () => {
    queue.send('a');
    const [first] = queue.receive(1);
    clock.advance(59_999);
    expect(queue.receive(1)).toEqual([]);
    clock.advance(1);
    const [second] = queue.receive(1);
    expect([first?.receiveCount, second?.receiveCount]).toEqual([1, 2]);
    expect(second?.messageId).toBe(first?.messageId);
    expect(second?.receiptHandle).not.toBe(first?.receiptHandle);
    expect(second?.firstReceivedAt).toEqual(first?.firstReceivedAt);
  });

  it('forgets a removed message', () => {
    queue.send('a');
    for (const { receiptHandle } of queue.receive(1)) queue.remove(receiptHandle);
    clock.advance(120_000);
    expect([queue.depth(), clock.waiting()]).toEqual([0, 0]);
  });

  it('does not remove a message by a receipt that is no longer the last', () => {
    queue.send('a');
    const [old] = queue.receive(1);
    clock.advance(60_000);
    queue.receive(1);
    queue.remove(old?.receiptHandle ?? '');
    expect(queue.depth()).toBe(1);
  });

  it('delays a message by its own seconds', () => {
    queue.send('a', { delaySeconds: 5 });
    clock.advance(4_999);
    expect([queue.due(), queue.depth()]).toEqual([0, 1]);
    clock.advance(1);
    expect(bodies()).toEqual(['a']);
  });

  it('delays by the queue where the message says nothing, and not where it says 0', () => {
    queue = createQueue({ wiring: { ...wiring, delaySeconds: 3 }, clock });
    queue.send('later');
    queue.send('now', { delaySeconds: 0 });
    expect(bodies()).toEqual(['now']);
    clock.advance(3_000);
    expect(bodies()).toEqual(['later']);
  });

  it('hands a message to the dead letters in place of one receive too many', () => {
    queue.send('a');
    for (let tries = 0; tries < 2; tries++) {
      expect(bodies()).toEqual(['a']);
      clock.advance(60_000);
    }
    expect(bodies()).toEqual([]);
    expect(dead.map(({ body, receiveCount }) => ({ body, receiveCount }))).toEqual([
      { body: 'a', receiveCount: 2 },
    ]);
    expect(queue.depth()).toBe(0);
  });

  it('wakes its listeners when a message becomes visible, not before', () => {
    let woken = 0;
    const forget = queue.onVisible(() => {
      woken += 1;
    });
    queue.send('now');
    queue.send('later', { delaySeconds: 1 });
    expect(woken).toBe(1);
    clock.advance(1_000);
    expect(woken).toBe(2);
    forget();
    queue.send('unheard');
    expect(woken).toBe(2);
  });

  it.each([
    ['an empty body', '', {}],
    ['a body above 1 MiB', 'a'.repeat(1024 * 1024 + 1), {}],
    ['a delay above 900 s', 'a', { delaySeconds: 901 }],
    ['a broken delay', 'a', { delaySeconds: 0.5 }],
  ])('refuses %s', (_, body, options) => {
    expect(() => queue.send(body, options)).toThrow(RangeError);
    expect(queue.depth()).toBe(0);
  });

  it('leaves no timer when it is closed', () => {
    queue.send('a', { delaySeconds: 5 });
    queue.send('b');
    queue.receive(1);
    queue.close();
    expect([clock.waiting(), queue.depth()]).toEqual([0, 0]);
  });
});
