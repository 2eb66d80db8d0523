/** Faults that only show when the parts of serverless.yml are laid side by side. AWS refuses them at deployment. */
import { WiringError } from './cursor.ts';
import type { Wiring } from './types.ts';

interface Reference {
  owner: string;
  queueArn: string;
}

const queueReferences = ({ rules, queues, functions }: Wiring): Reference[] => [
  ...rules.flatMap(({ name: owner, targets }) =>
    targets
      .flatMap(({ queueArn, deadLetterArn }) => [queueArn, deadLetterArn])
      .filter((queueArn) => queueArn !== undefined)
      .map((queueArn) => ({ owner, queueArn })),
  ),
  ...queues.flatMap(({ id: owner, redrive }) =>
    redrive ? [{ owner, queueArn: redrive.deadLetterArn }] : [],
  ),
  ...functions.flatMap(({ name: owner, queueSources }) =>
    queueSources.map(({ queueArn }) => ({ owner, queueArn })),
  ),
];

const problems = (wiring: Wiring): string[] => {
  const { rules, queues, functions, buses } = wiring;
  const queue = new Map(queues.map((candidate) => [candidate.arn, candidate]));
  const unknownQueues = queueReferences(wiring)
    .filter(({ queueArn }) => !queue.has(queueArn))
    .map(({ owner, queueArn }) => `${owner}: ${queueArn} is no queue of this file`);
  const unknownBuses = rules
    .filter(({ busName }) => !buses.some(({ name }) => name === busName))
    .map(({ name, busName }) => `${name}: ${busName} is no event bus of this file`);
  const shortSighted = functions
    .filter(({ queueSources, timeoutSeconds }) =>
      queueSources.some(
        ({ queueArn }) => (queue.get(queueArn)?.visibilityTimeoutSeconds ?? Infinity) < timeoutSeconds,
      ),
    )
    .map(({ name }) => `${name}: the visibility timeout of its queue is shorter than its own timeout`);
  return [...unknownQueues, ...unknownBuses, ...shortSighted];
};

/** @throws {WiringError} with every fault found */
export const checkWiring = (wiring: Wiring, file: string): void => {
  const found = problems(wiring);
  if (found.length > 0) throw new WiringError(file, found.join('; '));
};
