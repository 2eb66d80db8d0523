/** The event that Lambda makes of SQS messages, and how it reads the function's answer. */

import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { isRecord } from '../../../shared/model/json.ts';
import type { Received } from './queue.ts';

const milliseconds = (moment: Date | undefined): string => String(moment?.getTime() ?? '');

/** Who sends on a machine without accounts. */
const SENDER = 'local';

const record = (message: Received, eventSourceARN: string, awsRegion: string): SQSRecord => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: milliseconds(message.sentAt),
    SenderId: SENDER,
    ApproximateFirstReceiveTimestamp: milliseconds(message.firstReceivedAt),
  },
  messageAttributes: {},
  md5OfBody: message.md5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN,
  awsRegion,
});

export const queueEvent = (messages: Received[], queueArn: string, region: string): SQSEvent => ({
  Records: messages.map((message) => record(message, queueArn, region)),
});

/** The listed message ids, or `undefined` if the answer can't be read. No answer and an empty one list nothing. */
const listed = (answer: unknown): string[] | undefined => {
  if (answer === null || answer === undefined) return [];
  if (!isRecord(answer)) return undefined;
  const failures = answer['batchItemFailures'] ?? [];
  if (!Array.isArray(failures)) return undefined;
  const ids = failures.map((failure: unknown) => (isRecord(failure) ? failure['itemIdentifier'] : undefined));
  return ids.every((id) => typeof id === 'string' && id !== '') ? (ids as string[]) : undefined;
};

/**
 * Which messages of a batch come back after a `ReportBatchItemFailures` answer: those that it lists. All of them if it
 * can't be read: an id that is empty, null, under another key or of no message in the batch.
 */
export const failedMessages = (answer: unknown, messages: Received[]): Received[] => {
  const ids = listed(answer);
  if (ids === undefined) return messages;
  const failed = new Set(ids);
  const found = messages.filter((message) => failed.has(message.messageId));
  return found.length === failed.size ? found : messages;
};
