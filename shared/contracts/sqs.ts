import type { SQSBatchResponse } from 'aws-lambda';
import { list, object, text } from './parse.ts';

/** The part of a Lambda SQS record that is read here. */
export interface QueueRecord {
  messageId: string;
  body: string;
}

const parseRecord = (value: unknown, field: string): QueueRecord => {
  const record = object(value, field);
  return {
    messageId: text(record['messageId'], `${field}.messageId`),
    body: text(record['body'], `${field}.body`),
  };
};

/** The records of a Lambda SQS event. @throws {ContractError} */
export const parseQueueRecords = (event: unknown): QueueRecord[] =>
  list(object(event, 'event')['Records'], 'Records', parseRecord);

/** What Lambda deletes is what is not listed (`ReportBatchItemFailures`). */
export const batchAnswer = (failed: string[]): SQSBatchResponse => ({
  batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })),
});
