/** Makes the tries of a plan. */
import type { Step } from '../../shared/core/termination/decide.ts';
import { givenUpEvent } from '../../shared/core/termination/events.ts';
import { type StepResult, TRY_CODES } from '../../shared/core/termination/outcomes.ts';
import { nextStepAt } from '../../shared/core/termination/timing.ts';
import { type Ended, triesFor } from '../../shared/core/termination/tries.ts';
import { ephemeralWrite, type TryStep } from '../../shared/core/termination/writes.ts';
import { tell } from '../../shared/io/tell.ts';
import type { Dependencies } from './dependencies.ts';
import type { Plan } from './prepare.ts';
import { isRefused, recordOutcomes, recordReports, writePod } from './record.ts';
import { type Made, sendTerm } from './signal.ts';

interface Performed {
  result: StepResult;
  /** Of a try that could not be made. */
  ended?: Ended;
  /** The owner has been told. */
  isReported?: true;
}

const secondsUntil = (at: Date, now: Date): number =>
  Math.max(1, Math.ceil((at.getTime() - now.getTime()) / 1000) + 1);

const addKiller = async (
  plan: Plan,
  container: string,
  { cluster, killerImage }: Dependencies,
): Promise<Made> => {
  const name = triesFor(plan.pod, container).at(-1)?.killer ?? '';
  try {
    await writePod(cluster, plan.pod, ephemeralWrite(plan.pod, container, name, killerImage));
    return { kind: 'made' };
  } catch (fault) {
    if (!isRefused(fault)) throw fault;
    return { kind: 'refused', why: fault.message };
  }
};

const make = async (step: TryStep, plan: Plan, dependencies: Dependencies): Promise<Made> => {
  if (plan.refused !== undefined) return { kind: 'refused', why: plan.refused };
  switch (step.strategy) {
    case 'exec':
      return sendTerm(dependencies.cluster, plan.pod, step.container);
    case 'ephemeral':
      return addKiller(plan, step.container, dependencies);
    default:
      return { kind: 'made' };
  }
};

const madeStep = async (step: TryStep, plan: Plan, dependencies: Dependencies): Promise<Performed> => {
  const { container, strategy, attempt } = step;
  const made = await make(step, plan, dependencies);
  const why = `${strategy}: ${made.why ?? step.why}`;
  const outcome = made.kind === 'made' ? undefined : made.kind;
  const tries = triesFor(plan.pod, container).map((each) =>
    each.attempt === attempt ? { ...each, outcome } : each,
  );
  const until = secondsUntil(nextStepAt(plan.pod, tries), plan.now);
  if (outcome !== undefined) {
    const result: StepResult = { container, code: 'TerminationFailed', why, seconds: until };
    return { result, ended: { container, attempt, outcome } };
  }
  // A terminal phase is the end of our work.
  const seconds = strategy === 'phase' ? undefined : until;
  return { result: { container, code: TRY_CODES[strategy], why, seconds } };
};

const perform = async (step: Step, plan: Plan, dependencies: Dependencies): Promise<Performed> => {
  const { container } = step;
  switch (step.kind) {
    case 'try':
      return madeStep(step, plan, dependencies);
    case 'wait': {
      const seconds = secondsUntil(step.until, plan.now);
      return { result: { container, code: 'TerminationWaiting', seconds } };
    }
    case 'leave': {
      const { code, why } = step;
      if (why === undefined) return { result: { container, code } };
      await tell(dependencies.cluster, givenUpEvent(plan.pod, container, why, plan.now));
      return { result: { container, code, why }, isReported: true };
    }
    default:
      return step satisfies never;
  }
};

/** Makes the tries beside each other. `goesOn`: the next round is due now, as a try can't be made at all or was put off. */
export const performAll = async (
  plan: Plan,
  dependencies: Dependencies,
): Promise<{ results: StepResult[]; goesOn: boolean }> => {
  const performed = await Promise.all(plan.steps.map((step) => perform(step, plan, dependencies)));
  const ended = performed.flatMap((each) => each.ended ?? []);
  if (plan.refused === undefined) await recordOutcomes(dependencies.cluster, plan.pod, ended);
  const reported = performed.flatMap(({ isReported, result }) => (isReported ? [result.container] : []));
  await recordReports(dependencies.cluster, plan.pod, reported, plan.now);
  return {
    results: performed.map(({ result }) => result),
    goesOn: plan.isPartial || ended.some(({ outcome }) => outcome === 'refused'),
  };
};
