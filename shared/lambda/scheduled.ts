import type { Log } from '../io/ports.ts';
import { type LambdaHandler, stack } from './stack.ts';

/** A function that EventBridge Scheduler calls: `input` is the schedule's own, as serverless.yml has it. */
export const scheduled = (
  run: (input: unknown) => Promise<void>,
  { log }: { log: Log },
): LambdaHandler<void> => stack<void>((input) => run(input), { log });
