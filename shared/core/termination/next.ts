/** Which strategy is next for a sidecar, after those that were tried. */
import type { Container, Pod } from '../../model/kubernetes.ts';
import { containerStatus } from '../resources/pod.ts';
import { hasKiller, killerFailed } from './killer.ts';
import type { Choice } from './strategies.ts';
import type { Strategy, Try } from './tries.ts';

/** Tries of one strategy that could not be made, before the others have their turn. */
export const FAILURES_IN_A_ROW = 3;
/** The same once there is no other: a node that does not answer may come back. */
const MOST_FAILURES = 10;
/** A signal whose answer was lost may never have been sent; the grace period is short against an end that never comes. */
const MOST_SIGNALS = 3;

export const isSignal = (strategy: Strategy): boolean => strategy === 'exec' || strategy === 'ephemeral';

const hasRestarted = (pod: Pod, { name }: Container, { restarts }: Try): boolean =>
  (containerStatus(pod, name)?.restartCount ?? 0) > restarts;

/** The last try has led to nothing before its time: the killer could not, or the container was started again. */
export const isOverEarly = (pod: Pod, container: Container, last: Try): boolean => {
  if (last.outcome !== undefined) return false;
  if (last.strategy === 'ephemeral' && killerFailed(pod, last)) return true;
  return isSignal(last.strategy) && hasRestarted(pod, container, last);
};

const wasMade = (pod: Pod, each: Try): boolean =>
  each.outcome === undefined && (each.strategy !== 'ephemeral' || hasKiller(pod, each));

/** The tries of a strategy that were made, as far as the Pod and its record tell. */
export const madeBy = (pod: Pod, tries: Try[], strategy: Strategy): Try[] =>
  tries.filter((each) => each.strategy === strategy && wasMade(pod, each));

const withOutcome = (tries: Try[], strategy: Strategy, outcome: Try['outcome']): number =>
  tries.filter((each) => each.strategy === strategy && each.outcome === outcome).length;

/**
 * Each strategy once, then the signal again; one that keeps failing comes after the others. No signal where the
 * container was started again after one: the kubelet starts it again under OnFailure unless it exits with 0.
 */
export const nextChoice = (
  pod: Pod,
  container: Container,
  tries: Try[],
  choices: Choice[],
): Choice | undefined => {
  const restarted = tries.some(
    (each) => isSignal(each.strategy) && wasMade(pod, each) && hasRestarted(pod, container, each),
  );
  const made = (strategy: Strategy): number => madeBy(pod, tries, strategy).length;
  const failures = (strategy: Strategy): number => withOutcome(tries, strategy, 'failed');
  const refusals = (strategy: Strategy): number => withOutcome(tries, strategy, 'refused');
  // One signal is as good as the other, unless it shows now that the first one can't have been sent.
  const isSignalled = made('exec') > 0 && refusals('exec') === 0 && failures('exec') < FAILURES_IN_A_ROW;
  const isDone = ({ strategy }: Choice): boolean =>
    made(strategy) > 0 || (strategy === 'ephemeral' && isSignalled);
  const mayRepeat = ({ strategy }: Choice): boolean =>
    strategy === 'exec' && failures(strategy) < MOST_FAILURES;
  const open = choices
    .filter(({ strategy }) => refusals(strategy) === 0)
    .filter(({ strategy }) => !restarted || !isSignal(strategy))
    .filter(({ strategy }) => withOutcome(tries, strategy, undefined) < MOST_SIGNALS);
  const steady = open.filter(({ strategy }) => failures(strategy) < FAILURES_IN_A_ROW);
  return steady.find((choice) => !isDone(choice)) ?? open.find(mayRepeat);
};
