/** Changes, and how to look back through them. */
import type { ApiObject } from './objects.ts';

/** Objects in a change or in the store are shared and never changed: copy before handing them out. */
export interface Change {
  revision: number;
  section: string;
  key: string;
  /** `undefined` before a creation. */
  before: ApiObject | undefined;
  /** `undefined` after a removal. */
  after: ApiObject | undefined;
  /** What the change left; for a removal the last state with the removal's own version. */
  object: ApiObject;
}

/** A section as it was at a revision: today's state with the later changes taken back, newest first. */
export const sectionAt = (
  now: ReadonlyMap<string, ApiObject> | undefined,
  log: readonly Change[],
  asked: { section: string; revision: number },
): ReadonlyMap<string, ApiObject> => {
  const state = new Map(now);
  for (let index = log.length - 1; index >= 0; index -= 1) {
    const change = log[index];
    if (!change || change.revision <= asked.revision) break;
    if (change.section !== asked.section) continue;
    if (change.before) state.set(change.key, change.before);
    else state.delete(change.key);
  }
  return state;
};
