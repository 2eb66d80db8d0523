import { list, object, text } from './parse.ts';

/** The part of a Lambda SQS record that is read here. */
export interface QueueRecord {
  messageId: string;
  body: string;
}

/** What Lambda deletes is what is not listed (`ReportBatchItemFailures`). */
export interface BatchAnswer {
  batchItemFailures: { itemIdentifier: string }[];
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

export const batchAnswer = (failed: string[]): BatchAnswer => ({
  batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })),
});
