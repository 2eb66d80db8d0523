import type { ClusterEvent } from '../../model/event.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { Code } from '../../model/reasons.ts';
import { lookAgain } from './again.ts';

/**
 * The outcome of a reader that found nothing to do: `code`, unless it came before the announced write was visible.
 *
 * @param seen resourceVersion of the object that was read, `undefined` if there is none
 */
export const unlessEarly = (event: ClusterEvent, seen: string | undefined, code: Code): Outcome => {
  const look = lookAgain(event, seen);
  return look ? { kind: 'later', code: 'TooEarly', ...look } : { kind: 'done', code };
};
