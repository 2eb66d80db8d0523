import type { ClusterEvent } from './event.ts';
import type { Code } from './reasons.ts';

/** What a function made of an event. `later` sends `event` to the function's own queue with a delay. */
export type Outcome =
  | { kind: 'done'; code: Code; detail?: Record<string, unknown> }
  | { kind: 'later'; code: Code; seconds: number; event: ClusterEvent; detail?: Record<string, unknown> };
