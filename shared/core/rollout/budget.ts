/** `maxUnavailable`: how many ready Pods an upgrade may take down at a time. */
import type { Pod } from '../../model/kubernetes.ts';
import type { IntOrString, SidecarSet } from '../../model/sidecarset.ts';
import { amountOf } from './amount.ts';
import { isConsistent, isInFlight } from './consistent.ts';
import { isServing } from './ready.ts';
import { isUpdated } from './updated.ts';

/**
 * Taken by an upgrade and not back yet. OpenKruise looks at updated Pods only; here a Pod that is still on its way to
 * an older revision counts too, as it is about to go down. Pods of an older revision that are not ready do not count.
 */
const isBusy = (set: SidecarSet, pod: Pod): boolean =>
  isUpdated(set, pod) ? !(isConsistent(set, pod) && isServing(pod)) : isInFlight(set, pod);

/** `maxUnavailable` less the Pods that an upgrade holds already; never negative. */
export const freeBudget = (set: SidecarSet, matched: Pod[]): number => {
  const limit: IntOrString = set.spec.updateStrategy?.maxUnavailable ?? 1;
  const busy = matched.filter((pod) => isBusy(set, pod)).length;
  return Math.max(0, (amountOf(limit, matched.length) ?? 0) - busy);
};

/** The first Pods of the line that the budget allows. One that is not ready costs nothing; the first refusal ends it. */
export const withinBudget = (line: Pod[], budget: number): Pod[] => {
  let left = budget;
  const end = line.findIndex((pod) => isServing(pod) && left-- <= 0);
  return end === -1 ? line : line.slice(0, end);
};
