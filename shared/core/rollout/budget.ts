/** `maxUnavailable`: how many ready Pods an upgrade may take down at a time. */
import type { Pod } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
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

/** Was upgraded to a revision that is old by now, and does not serve: a bad image, perhaps. */
export const isBroken = (set: SidecarSet, pod: Pod): boolean =>
  !isUpdated(set, pod) && !isServing(set, pod) && readUpdateStates(pod)[set.metadata.name] !== undefined;

/**
 * The Pods that an upgrade holds. Of the broken ones only as many as the last run held: others broke by themselves, and
 * Pods of an older revision that are not ready do not count.
 */
export const heldPods = (set: SidecarSet, matched: Pod[]): Pod[] => {
  const [taken, others]: [Pod[], Pod[]] = [[], []];
  for (const pod of matched) (isTaken(set, pod) ? taken : others).push(pod);
  const remembered = Math.max(0, (set.status?.claim?.inFlight?.pods ?? 0) - taken.length);
  const broken = others.filter((pod) => isBroken(set, pod));
  return [...taken, ...broken.slice(0, remembered)];
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
