/**
 * Whether a Pod's change concerns a rollout, told from that Pod and the status alone: all Pods are listed only when a
 * batch may follow, or when the counts change by what the rollout did not cause.
 */
import type { Pod } from '../../model/kubernetes.ts';
import type { InFlight, SidecarSet } from '../../model/sidecarset.ts';
import { podKey } from '../resources/pod.ts';
import { formerConditions } from './conditions.ts';
import { failureOf } from './failure.ts';
import { isFlipDue } from './hotUpgrade.ts';
import { matchedPods } from './matched.ts';
import { isAvailable } from './ready.ts';
import { isUpdated } from './updated.ts';

export type Concern =
  /** `later`: it changes the counts only, so it is looked at together with what else changes by then. */
  | Announced
  /** The Pod is where the status says that it is. */
  | { kind: 'nothing' }
  /**
   * It is back; `others` (`namespace/name`) were on their way too. Nothing while one of them is; `otherwise` once they are
   * back.
   */
  | { kind: 'unless'; others: string[]; otherwise: Announced };

/** All Pods must be listed, now or soon. */
export type Announced = { kind: 'list' } | { kind: 'later'; seconds: number };

/** Changes that only the counts show are looked at this often at most. */
const COUNT_EVERY_MS = 5_000;

const LIST: Announced = { kind: 'list' };
const NOTHING: Concern = { kind: 'nothing' };

const counted = ({ status }: SidecarSet, now: Date): Announced => {
  const last = Date.parse(status?.claim?.at ?? '');
  const left = last + COUNT_EVERY_MS - now.getTime();
  return left > 0 && left <= COUNT_EVERY_MS ? { kind: 'later', seconds: Math.ceil(left / 1000) } : LIST;
};

const waitsForBudget = ({ status }: SidecarSet): boolean =>
  status?.waiting?.some(({ reason }) => reason === 'MaxUnavailable') ?? false;

/** The Pod was taken by the rollout and has come back. */
const cameBack = (
  set: SidecarSet,
  { key, now }: { key: string; now: Date },
  { pods, names }: InFlight,
): Concern => {
  if (waitsForBudget(set)) return LIST;
  // Those that were taken last are asked first: they come back last, most likely.
  const others = names.filter((name) => name !== key).reverse();
  // Where not all are named, their being back is not the end yet.
  const otherwise = pods > names.length ? counted(set, now) : LIST;
  return others.length === 0 ? otherwise : { kind: 'unless', others, otherwise };
};

/** The node says of a failure what the status does not say yet. */
const isNewFailure = (set: SidecarSet, pod: Pod): boolean =>
  failureOf(set, pod) !== undefined &&
  !formerConditions(set).some(({ type, status }) => type === 'Degraded' && status === 'True');

/** The Pod is matched, and may be one that the last run left on its way. */
const concernOfTaken = (set: SidecarSet, pod: Pod, inFlight: InFlight, now: Date): Concern => {
  if (isAvailable(set, pod)) return cameBack(set, { key: podKey(pod), now }, inFlight);
  return isNewFailure(set, pod) ? LIST : NOTHING;
};

const mayBeInFlight = (set: SidecarSet, pod: Pod, { pods, names }: InFlight): boolean =>
  names.includes(podKey(pod)) || (isUpdated(set, pod) && pods > names.length);

/**
 * What a Pod's change calls for.
 *
 * @param pod the Pod of the event as it is now, `undefined` if it is gone
 */
export const concernOf = (set: SidecarSet, pod: Pod | undefined, now: Date): Concern => {
  const { observedGeneration, claim: { inFlight, listed } = {} } = set.status ?? {};
  const isKnown = listed !== undefined && observedGeneration === set.metadata.generation;
  if (!isKnown || inFlight === undefined) return LIST;
  if (pod === undefined || matchedPods(set, [pod]).length === 0) {
    return waitsForBudget(set) ? LIST : counted(set, now);
  }
  if (isFlipDue(set, pod)) return LIST;
  return mayBeInFlight(set, pod, inFlight) ? concernOfTaken(set, pod, inFlight, now) : counted(set, now);
};

/** Whether a Pod that was on its way is so no longer: it is back, or it is gone. */
export const hasArrived = (set: SidecarSet, pod: Pod | undefined): boolean =>
  pod === undefined || matchedPods(set, [pod]).length === 0 || isAvailable(set, pod);
