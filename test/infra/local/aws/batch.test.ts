import { describe, expect, it } from 'vitest';
import { failedMessages, queueEvent } from '../../../../infra/local/aws/batch.ts';
import { md5, type Received } from '../../../../infra/local/aws/queue.ts';

const received = (messageId: string): Received => ({
  messageId,
  receiptHandle: `receipt of ${messageId}`,
  body: `body of ${messageId}`,
  md5OfBody: md5(`body of ${messageId}`),
  attributes: {},
  sentAt: new Date('2026-03-01T12:00:00.250Z'),
  firstReceivedAt: new Date('2026-03-01T12:00:01Z'),
  receiveCount: 2,
});
const batch = ['a', 'b', 'c'].map(received);
const items = (...ids: unknown[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('the answer to a batch', () => {
  it.each<[string, unknown, string[]]>([
    ['no answer', null, []],
    ['an empty mapping', {}, []],
    ['an empty list', items(), []],
    ['no list', { batchItemFailures: null }, []],
    ['one id', items('b'), ['b']],
    ['an id named twice', items('b', 'b'), ['b']],
    ['every id', items('a', 'b', 'c'), ['a', 'b', 'c']],
    ['an id of no message', items('a', 'x'), ['a', 'b', 'c']],
    ['an empty id', items('a', ''), ['a', 'b', 'c']],
    ['a null id', items(null), ['a', 'b', 'c']],
    ['an id under another key', { batchItemFailures: [{ messageId: 'a' }] }, ['a', 'b', 'c']],
    ['bare ids', { batchItemFailures: ['a'] }, ['a', 'b', 'c']],
    ['something else in place of the list', { batchItemFailures: 'a' }, ['a', 'b', 'c']],
    ['a text', 'done', ['a', 'b', 'c']],
    ['a list', ['a'], ['a', 'b', 'c']],
  ])('%s', (_, answer, expected) => {
    expect(failedMessages(answer, batch).map(({ messageId }) => messageId)).toEqual(expected);
  });
});

describe('the event of a batch', () => {
  it('has the shape that Lambda gives SQS records', () => {
    expect(queueEvent(batch.slice(0, 1), 'arn:aws:sqs:eu-west-1:1:work', 'eu-west-1')).toEqual({
      Records: [
        {
          messageId: 'a',
          receiptHandle: 'receipt of a',
          body: 'body of a',
          attributes: {
            ApproximateReceiveCount: '2',
            SentTimestamp: '1772366400250',
            SenderId: 'local',
            ApproximateFirstReceiveTimestamp: '1772366401000',
          },
          messageAttributes: {},
          md5OfBody: md5('body of a'),
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:eu-west-1:1:work',
          awsRegion: 'eu-west-1',
        },
      ],
    });
  });
});
