/** The API of EventBridge and SQS as the AWS SDK speaks it (AWS JSON), as far as the functions call it. */
import type { IncomingMessage } from 'node:http';
import type { EventBus } from './bus.ts';
import { type Listener, listen, type Reply } from './listen.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

export interface EndpointOptions {
  bus: EventBus;
  queues: Queues;
  port: number;
}

type Fields = Record<string, unknown>;
type Action = (input: Fields) => unknown;

/** An error that the SDK gives its caller by `type`. */
class AwsError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

const MOST_BYTES = 2 * 1024 * 1024;
const MOST_ENTRIES = 10;
const MOST_ENTRIES_BYTES = 1024 * 1024;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const entriesOf = (value: unknown, name: string): Fields[] => {
  if (Array.isArray(value) && value.length >= 1 && value.length <= MOST_ENTRIES && value.every(isFields)) {
    return value;
  }
  throw new AwsError('ValidationException', `${name} must be a list of 1 to ${MOST_ENTRIES} entries`);
};

const putEvents =
  (bus: EventBus): Action =>
  ({ Entries }) => {
    const entries = entriesOf(Entries, 'Entries');
    if (Buffer.byteLength(JSON.stringify(entries)) > MOST_ENTRIES_BYTES) {
      throw new AwsError(
        'ValidationException',
        'Total size of the entries in the request is over the limit.',
      );
    }
    const answers = bus.put(entries);
    return { Entries: answers, FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length };
  };

const queueOf = (queues: Queues, url: unknown): Queue => {
  const name = typeof url === 'string' ? (url.split('/').at(-1) ?? '') : '';
  const queue = queues.byName(name);
  if (queue) return queue;
  throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
};

const sent = (queue: Queue, { MessageBody, DelaySeconds }: Fields) => {
  const delaySeconds = DelaySeconds === undefined ? undefined : Number(DelaySeconds);
  try {
    const message = queue.send(typeof MessageBody === 'string' ? MessageBody : '', { delaySeconds });
    return { MessageId: message.messageId, MD5OfMessageBody: message.md5OfBody };
  } catch (fault) {
    if (fault instanceof RangeError) throw new AwsError('InvalidParameterValue', fault.message);
    throw fault;
  }
};

const sendMessageBatch =
  (queues: Queues): Action =>
  ({ QueueUrl, Entries }) => {
    const queue = queueOf(queues, QueueUrl);
    const [successful, failed]: [Fields[], Fields[]] = [[], []];
    for (const entry of entriesOf(Entries, 'Entries')) {
      try {
        successful.push({ Id: entry['Id'], ...sent(queue, entry) });
      } catch (fault) {
        if (!(fault instanceof AwsError)) throw fault;
        failed.push({ Id: entry['Id'], Code: fault.type, Message: fault.message, SenderFault: true });
      }
    }
    return { Successful: successful, Failed: failed };
  };

const reply = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0', ...headers },
  body: JSON.stringify(body),
});

const refusal = ({ type, message }: AwsError): Reply =>
  reply(400, { __type: type, message }, { 'x-amzn-errortype': type });

/** The input of a call. What the SDK sends is JSON; nothing else is taken. */
const inputOf = (body: Buffer | undefined): Fields => {
  if (body === undefined) throw new AwsError('RequestEntityTooLarge', `no more than ${MOST_BYTES} bytes`);
  try {
    const value: unknown = JSON.parse(body.toString('utf8') || '{}');
    if (isFields(value)) return value;
  } catch {}
  throw new AwsError('SerializationException', 'the body must be a JSON object');
};

/** Answers `AWSEvents.PutEvents`, `AmazonSQS.SendMessage` and `AmazonSQS.SendMessageBatch`; refuses the rest by name. */
export const startEndpoint = ({ bus, queues, port }: EndpointOptions): Promise<Listener> => {
  const actions = new Map<string, Action>([
    ['AWSEvents.PutEvents', putEvents(bus)],
    ['AmazonSQS.SendMessage', (input) => sent(queueOf(queues, input['QueueUrl']), input)],
    ['AmazonSQS.SendMessageBatch', sendMessageBatch(queues)],
  ]);

  const answer = async (request: IncomingMessage, body: Buffer | undefined): Promise<Reply> => {
    const target = String(request.headers['x-amz-target'] ?? `${request.method} without x-amz-target`);
    try {
      const action = actions.get(target);
      if (!action) throw new AwsError('UnknownOperationException', `${target} is not supported here`);
      return reply(200, action(inputOf(body)));
    } catch (fault) {
      if (fault instanceof AwsError) return refusal(fault);
      throw fault;
    }
  };
  return listen({ port, answer, mostBytes: MOST_BYTES });
};
