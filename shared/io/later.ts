import { EVENT_DETAIL_TYPE, EVENT_SOURCE } from '../model/event.ts';
import { once } from './once.ts';
import type { Later } from './ports.ts';

export interface DelayedMessage {
  QueueUrl: string;
  MessageBody: string;
  DelaySeconds: number;
}

export interface LaterOptions {
  queueUrl: string;
  /** `sqs:SendMessage` by default. */
  sendMessage?: (message: DelayedMessage) => Promise<unknown>;
}

/** The longest delay that SQS has. */
const MOST_SECONDS = 900;

/** The SDK is loaded with the first message: most invocations send none. */
const throughSdk = (): NonNullable<LaterOptions['sendMessage']> => {
  const sender = once(async () => {
    const { SQSClient, SendMessageCommand } = await import('@aws-sdk/client-sqs');
    const client = new SQSClient({});
    return (message: DelayedMessage) => client.send(new SendMessageCommand(message));
  });
  return async (message) => (await sender())(message);
};

/** The function's own queue. The body has the envelope that the bus would have given it, so that one parser reads both. */
export const createLater = ({ queueUrl, sendMessage = throughSdk() }: LaterOptions): Later => ({
  async send(event, seconds) {
    const envelope = { source: EVENT_SOURCE, 'detail-type': EVENT_DETAIL_TYPE, detail: event };
    await sendMessage({
      QueueUrl: queueUrl,
      MessageBody: JSON.stringify(envelope),
      DelaySeconds: Math.min(MOST_SECONDS, Math.max(0, Math.ceil(seconds))),
    });
  },
});
