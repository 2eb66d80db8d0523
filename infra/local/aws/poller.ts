/** A Lambda event source mapping: from a queue to a function, woken by the queue, never by time. */
import type { Log } from '../../../shared/io/ports.ts';
import { failedMessages, queueEvent } from './batch.ts';
import type { InvocationResult } from './host.ts';
import type { Queue, Received } from './queue.ts';
import type { QueueSource } from './wiring/types.ts';

export interface PollerOptions {
  source: QueueSource;
  queue: Queue;
  region: string;
  invoke: (event: unknown) => Promise<InvocationResult>;
  log: Log;
}

export interface Poller {
  /** Takes no more messages; what is under way goes on. */
  stop(): void;
}

export const startPoller = ({ source, queue, region, invoke, log }: PollerOptions): Poller => {
  let running = 0;
  let stopped = false;

  const failedOf = (result: InvocationResult, batch: Received[]): Received[] => {
    if (!result.succeeded) return batch;
    return source.partialAnswers ? failedMessages(result.value, batch) : [];
  };

  const work = async (batch: Received[]): Promise<void> => {
    const result = await invoke(queueEvent(batch, source.queueArn, region));
    const failed = new Set(failedOf(result, batch));
    for (const message of batch) if (!failed.has(message)) queue.remove(message.receiptHandle);
    if (failed.size > 0) {
      log.warn('messages come back after the visibility timeout', {
        queue: queue.wiring.name,
        messages: [...failed].map((message) => message.messageId),
      });
    }
  };

  const pump = (): void => {
    while (!stopped && running < source.maximumConcurrency) {
      const batch = queue.receive(source.batchSize);
      if (batch.length === 0) return;
      running += 1;
      void work(batch).finally(() => {
        running -= 1;
        pump();
      });
    }
  };

  /** After the current turn, so that what is sent together is received together. */
  const wake = (): void => queueMicrotask(pump);
  const forget = queue.onVisible(wake);
  wake();

  return {
    stop() {
      stopped = true;
      forget();
    },
  };
};
