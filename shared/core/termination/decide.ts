/** What is to be done now with each sidecar of a Pod. */
import type { Container, Pod } from '../../model/kubernetes.ts';
import type { Code } from '../../model/reasons.ts';
import { exitCodeOf, terminationDue } from './due.ts';
import { isOverEarly, isSignal, madeBy, nextChoice } from './next.ts';
import { ignoresExitCode } from './sidecar.ts';
import { type Facts, hasProcess, type Ladder, ladderFor } from './strategies.ts';
import { nextStepAt } from './timing.ts';
import { isReported, type Strategy, type Try, triesFor } from './tries.ts';

export type Step =
  /** `why` this strategy, for people. */
  | { kind: 'try'; container: string; strategy: Strategy; attempt: number; why: string }
  /** Looked at again at `until`. */
  | { kind: 'wait'; container: string; until: Date }
  /** Nothing that could be done, or done again. `why`: a sentence about each strategy that the owner is to be told. */
  | { kind: 'leave'; container: string; code: Code; why?: string };

export type TerminationDecision = { kind: 'nothing'; code: Code } | { kind: 'steps'; steps: Step[] };

/** Each strategy that was tried, with what became of its last try. */
const triedOf = (tries: Try[]): string[] =>
  [...new Map(tries.map(({ strategy, outcome }) => [strategy, outcome]))].map(([strategy, outcome]) =>
    outcome ? `${strategy} (${outcome})` : strategy,
  );

const sentence = (tries: Try[], { excluded }: Ladder): string => {
  const others = excluded.filter(({ strategy }) => !tries.some((each) => each.strategy === strategy));
  return [
    ...(tries.length > 0 ? [`tried ${triedOf(tries).join(', ')}`] : []),
    ...others.map(({ strategy, why }) => `not ${strategy}: ${why}`),
  ].join('; ');
};

/** The owner is told once. */
const givenUp = (pod: Pod, container: string, tries: Try[], ladder: Ladder): Step => ({
  kind: 'leave',
  container,
  code: 'TerminationGivenUp',
  ...(!isReported(pod, container) && { why: sentence(tries, ladder) }),
});

/** One that got another image and has no process waits for it, or fails with it: no start is to be waited for. */
const leftWithoutProcess = (pod: Pod, container: string, tries: Try[], ladder: Ladder): Step =>
  [...madeBy(pod, tries, 'image'), ...madeBy(pod, tries, 'stop')].length > 0
    ? givenUp(pod, container, tries, ladder)
    : { kind: 'leave', container, code: 'TerminationNotRunning' };

const stepFor = (pod: Pod, sidecar: Container, facts: Facts, now: Date): Step => {
  const container = sidecar.name;
  const tries = triesFor(pod, container);
  const last = tries.at(-1);
  if (last && !isOverEarly(pod, sidecar, last)) {
    const until = nextStepAt(pod, tries);
    if (until > now) return { kind: 'wait', container, until };
  }
  const ladder = ladderFor(pod, sidecar, facts);
  const hasEnded = exitCodeOf(pod, sidecar) !== undefined;
  const open = ladder.choices.filter(({ strategy }) => !hasEnded || strategy === 'phase');
  const choice = nextChoice(pod, sidecar, tries, open);
  if (choice === undefined && hasEnded) return { kind: 'leave', container, code: 'TerminationOver' };
  if (choice === undefined) return givenUp(pod, container, tries, ladder);
  const { strategy, why } = choice;
  if (needsProcess(strategy) && !hasProcess(pod, sidecar))
    return leftWithoutProcess(pod, container, tries, ladder);
  return { kind: 'try', container, strategy, attempt: tries.length + 1, why };
};

/** An image makes a container that waits for its restart start at once; everything else needs a process. */
const needsProcess = (strategy: Strategy): boolean => isSignal(strategy) || strategy === 'stop';

const setsPhase = (step: Step): boolean => step.kind === 'try' && step.strategy === 'phase';

const queued = ({ container }: Pick<Step, 'container'>): Step => ({
  kind: 'leave',
  container,
  code: 'TerminationQueued',
});

/**
 * The next step for each sidecar that is to end. Each try is recorded on the Pod, so a repeated event waits for the last
 * one, and a try that led to nothing moves on to the next strategy. Sidecars whose exit code is not to count come
 * after the others, and nothing is tried beside the phase: it ends the Pod.
 */
export const decideTermination = (pod: Pod, facts: Facts, now: Date): TerminationDecision => {
  const due = terminationDue(pod);
  if (due.kind === 'no') return { kind: 'nothing', code: due.code };
  const first = due.sidecars.filter((sidecar) => !ignoresExitCode(sidecar));
  const steps = due.sidecars.map(
    (sidecar): Step =>
      first.length === 0 || first.includes(sidecar)
        ? stepFor(pod, sidecar, facts, now)
        : queued({ container: sidecar.name }),
  );
  if (!steps.some(setsPhase)) return { kind: 'steps', steps };
  return { kind: 'steps', steps: steps.map((step) => (setsPhase(step) ? step : queued(step))) };
};
