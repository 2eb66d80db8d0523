/** `maxUnavailable`: how many ready Pods an upgrade may take down at a time. */
import type { Pod } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { podKey } from '../resources/pod.ts';
import { amountOf } from './amount.ts';
import { isInFlight } from './consistent.ts';
import { isMigrating } from './hotUpgrade.ts';
import { isAvailable, isServing } from './ready.ts';
import { isUpdated } from './updated.ts';
import { readUpdateStates } from './updateState.ts';

/**
 * Taken by an upgrade and not back yet. OpenKruise looks at updated Pods only; here a Pod that is still on its way to
 * an older revision counts too, as it is about to go down.
 */
const isTaken = (set: SidecarSet, pod: Pod): boolean =>
  isUpdated(set, pod) ? !isAvailable(set, pod) : isInFlight(set, pod) || isMigrating(set, pod);

const isNamed = ({ status }: SidecarSet, pod: Pod): boolean =>
  status?.claim?.inFlight?.names.includes(podKey(pod)) ?? false;

/** Was upgraded, or made anew, to a revision that is old by now, and does not serve: a bad image, perhaps. */
export const isBroken = (set: SidecarSet, pod: Pod): boolean =>
  !isUpdated(set, pod) &&
  !isServing(set, pod) &&
  (isNamed(set, pod) || readUpdateStates(pod)[set.metadata.name] !== undefined);

/**
 * Which of the broken Pods the last run left on their way: those it has named, or, where it could not name all, as many
 * as it has counted. Of a run that did not come to its end nobody knows, so all are taken for such.
 */
const leftBroken = (set: SidecarSet, broken: Pod[], taken: number): Pod[] => {
  const { interrupted, inFlight: { pods, names } = { pods: 0, names: [] } } = set.status?.claim ?? {};
  if (interrupted) return broken;
  return pods > names.length
    ? broken.slice(0, Math.max(0, pods - taken))
    : broken.filter((pod) => isNamed(set, pod));
};

/** The Pods that an upgrade holds. Others broke by themselves: of an old revision they do not count. */
export const heldPods = (set: SidecarSet, matched: Pod[]): Pod[] => {
  const [taken, others]: [Pod[], Pod[]] = [[], []];
  for (const pod of matched) (isTaken(set, pod) ? taken : others).push(pod);
  const broken = others.filter((pod) => isBroken(set, pod));
  return [...taken, ...leftBroken(set, broken, taken.length)];
};

/** `maxUnavailable` as a number of Pods. */
export const unavailableLimit = ({ spec }: SidecarSet, matched: number): number =>
  amountOf(spec.updateStrategy?.maxUnavailable ?? 1, matched) ?? 0;

/**
 * `maxUnavailable` less the Pods that are out; never negative.
 *
 * @param matched number of all matched Pods, of which a percentage is taken
 * @param out Pods that an upgrade holds, and those that were evicted and are not replaced
 */
export const freeBudget = (set: SidecarSet, matched: number, out: number): number =>
  Math.max(0, unavailableLimit(set, matched) - out);

/** The first of the line that the budget allows. One that is not ready costs nothing; the first refusal ends it. */
export const withinBudget = <T extends { pod: Pod }>(set: SidecarSet, line: T[], budget: number): T[] => {
  let left = budget;
  const end = line.findIndex(({ pod }) => isServing(set, pod) && left-- <= 0);
  return end === -1 ? line : line.slice(0, end);
};
