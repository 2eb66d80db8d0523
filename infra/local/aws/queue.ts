/** A standard SQS queue in memory. Messages come in the order in which they became visible; nobody may rely on it. */
import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../../../shared/io/ports.ts';
import type { QueueWiring } from './wiring/types.ts';

export interface Message {
  messageId: string;
  body: string;
  md5OfBody: string;
  /** Free attributes of the sender (a rule says here why it could not deliver). */
  attributes: Record<string, string>;
  sentAt: Date;
  firstReceivedAt: Date | undefined;
  receiveCount: number;
}

export interface Received extends Message {
  receiptHandle: string;
}

export interface Queue {
  readonly wiring: QueueWiring;
  /** Rejects a body above 1 MiB, as SQS does. `delaySeconds` (0 to 900) replaces the queue's own. */
  send(body: string, options?: { delaySeconds?: number; attributes?: Record<string, string> }): Message;
  /** At most `most` visible messages; they are hidden from now on until the visibility timeout is over. */
  receive(most: number): Received[];
  /** Deletes a message by its last receipt; an older one is no longer good for it. */
  remove(receiptHandle: string): void;
  /** Calls `wake` whenever a message becomes visible; the returned function ends it. */
  onVisible(wake: () => void): () => void;
  /** Visible, delayed and in flight. */
  depth(): number;
  /** Only what could be received now. */
  due(): number;
  /** A copy of every message, for people. */
  messages(): Message[];
  /** Forgets every message and timer. */
  close(): void;
}

export interface QueueOptions {
  wiring: QueueWiring;
  clock: Clock;
  /** Takes a message that was received too often. */
  deadLetters?: (message: Message) => void;
}

export const MOST_BYTES = 1024 * 1024;
const MOST_DELAY_SECONDS = 900;

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const delayOf = (given: number | undefined, wiring: QueueWiring): number => {
  const delay = given ?? wiring.delaySeconds;
  if (Number.isInteger(delay) && delay >= 0 && delay <= MOST_DELAY_SECONDS) return delay;
  throw new RangeError(`DelaySeconds must be a whole number from 0 to ${MOST_DELAY_SECONDS}`);
};

const checkedBody = (body: string): string => {
  if (body === '') throw new RangeError('the message body must not be empty');
  if (Buffer.byteLength(body) <= MOST_BYTES) return body;
  throw new RangeError(`the message body must not be longer than ${MOST_BYTES} bytes`);
};

export const createQueue = ({ wiring, clock, deadLetters }: QueueOptions): Queue => {
  const visible: Message[] = [];
  /** Hidden messages and what ends their timers: delayed ones by message id, those in flight by receipt. */
  const hidden = new Map<string, { message: Message; cancel: () => void }>();
  const listeners = new Set<() => void>();

  const show = (message: Message): void => {
    visible.push(message);
    for (const wake of listeners) wake();
  };

  const hide = (key: string, message: Message, seconds: number): void => {
    const cancel = clock.after(seconds * 1000, () => {
      hidden.delete(key);
      show(message);
    });
    hidden.set(key, { message, cancel });
  };

  const isDead = (message: Message): boolean =>
    deadLetters !== undefined &&
    wiring.redrive !== undefined &&
    message.receiveCount >= wiring.redrive.maxReceiveCount;

  const take = (message: Message): Received => {
    message.receiveCount += 1;
    message.firstReceivedAt ??= clock.now();
    const receiptHandle = randomUUID();
    hide(receiptHandle, message, wiring.visibilityTimeoutSeconds);
    return { ...message, receiptHandle };
  };

  return {
    wiring,
    send(body, { delaySeconds, attributes = {} } = {}) {
      const delay = delayOf(delaySeconds, wiring);
      const message: Message = {
        messageId: randomUUID(),
        body: checkedBody(body),
        md5OfBody: md5(body),
        attributes,
        sentAt: clock.now(),
        firstReceivedAt: undefined,
        receiveCount: 0,
      };
      if (delay > 0) hide(message.messageId, message, delay);
      else show(message);
      return { ...message };
    },
    receive(most) {
      const received: Received[] = [];
      while (received.length < most) {
        const message = visible.shift();
        if (message === undefined) break;
        if (isDead(message)) deadLetters?.(message);
        else received.push(take(message));
      }
      return received;
    },
    remove(receiptHandle) {
      hidden.get(receiptHandle)?.cancel();
      hidden.delete(receiptHandle);
    },
    onVisible(wake) {
      listeners.add(wake);
      return () => void listeners.delete(wake);
    },
    depth: () => visible.length + hidden.size,
    due: () => visible.length,
    messages: () =>
      [...visible, ...[...hidden.values()].map(({ message }) => message)].map((m) => ({ ...m })),
    close() {
      for (const { cancel } of hidden.values()) cancel();
      hidden.clear();
      visible.length = 0;
    },
  };
};
