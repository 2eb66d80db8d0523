/** Ends the sidecars of one Pod whose main containers are done. */
import { terminationOutcomes } from '../../shared/core/termination/outcomes.ts';
import { lookSoon } from '../../shared/io/lookSoon.ts';
import { retryLostRace } from '../../shared/io/lostRace.ts';
import type { ClusterEvent } from '../../shared/model/event.ts';
import type { Outcome } from '../../shared/model/outcome.ts';
import type { Dependencies } from './dependencies.ts';
import { performAll } from './perform.ts';
import { type Plan, prepare } from './prepare.ts';

/** Each round but the last found a strategy that the cluster refuses; a ladder has no more than five. */
const ROUNDS = 6;

const isEarly = (prepared: Plan | Outcome | undefined): boolean =>
  prepared !== undefined && 'kind' in prepared && prepared.code === 'TooEarly';

/** A first look that comes too early is repeated here: to come back takes longer than a kubelet's look at its containers. */
const prepareSoon = (
  event: ClusterEvent,
  dependencies: Dependencies,
): Promise<Plan | Outcome | undefined> => {
  const pause = event.looks === 0 ? dependencies.pause : undefined;
  return lookSoon(() => retryLostRace(() => prepare(event, dependencies)), isEarly, pause);
};

/**
 * The work of `terminate` for one event: read the Pod, record each try on it, make them beside each other, go on at once
 * to the next strategy where one is refused, come back when a try has had its time. Rejects with a ClusterError when
 * the API server does not answer, or refuses what is no try.
 */
export const createTerminate =
  (dependencies: Dependencies) =>
  async (event: ClusterEvent): Promise<Outcome[]> => {
    const before: Outcome[] = [];
    for (let left = ROUNDS; left > 0; left -= 1) {
      const plan = await prepareSoon(event, dependencies);
      if (plan === undefined) return [...before, { kind: 'done', code: 'TerminationBusy' }];
      if ('kind' in plan) return [...before, plan];
      const { results, goesOn } = await performAll(plan, dependencies);
      const outcomes = terminationOutcomes(results, event);
      if (!goesOn || left === 1) return [...before, ...outcomes];
      before.push(...outcomes.map(({ code, detail }): Outcome => ({ kind: 'done', code, detail })));
    }
    return before;
  };
