import type { Clock } from '../../../shared/io/ports.ts';
import { createQueue, type Message, type Queue } from './queue.ts';
import type { Wiring } from './wiring/types.ts';

export interface DeadLetter extends Message {
  /** Logical id of the queue that it lies in. */
  queue: string;
}

export interface Queues {
  all: Queue[];
  /** By ARN; throws for one that serverless.yml does not have (`readWiring` has seen to that). */
  byArn(arn: string): Queue;
  byName(name: string): Queue | undefined;
  /** By logical id, e.g. `LaunchQueue`: how many messages are visible, delayed or in flight. */
  depth(id: string): number;
  /** What lies in every queue that is somebody's dead-letter queue. */
  deadLetters(): DeadLetter[];
}

const found = <T>(value: T | undefined, name: string): T => {
  if (value !== undefined) return value;
  throw new Error(`there is no queue ${name}`);
};

/** The queues of the file, each with its dead-letter queue behind it. */
export const createQueues = ({ queues, rules }: Wiring, clock: Clock): Queues => {
  const byArn = (arn: string): Queue =>
    found(
      all.find((queue) => queue.wiring.arn === arn),
      arn,
    );
  const all: Queue[] = queues.map((wiring) => {
    const { redrive } = wiring;
    const deadLetters = redrive
      ? (message: Message) => {
          const attributes = { ...message.attributes, DeadLetterQueueSourceArn: wiring.arn };
          byArn(redrive.deadLetterArn).send(message.body, { attributes });
        }
      : undefined;
    return createQueue({ wiring, clock, deadLetters });
  });
  const deadLetterArns = new Set([
    ...queues.map(({ redrive }) => redrive?.deadLetterArn),
    ...rules.flatMap(({ targets }) => targets.map(({ deadLetterArn }) => deadLetterArn)),
  ]);

  return {
    all,
    byArn,
    byName: (name) => all.find((queue) => queue.wiring.name === name),
    depth: (id) =>
      found(
        all.find((queue) => queue.wiring.id === id),
        id,
      ).depth(),
    deadLetters: () =>
      all
        .filter((queue) => deadLetterArns.has(queue.wiring.arn))
        .flatMap((queue) => queue.messages().map((message) => ({ ...message, queue: queue.wiring.id }))),
  };
};
