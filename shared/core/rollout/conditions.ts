/**
 * The SidecarSet's conditions: Progressing, Available, Degraded and Paused, as cluster operators have them, and
 * Reconciling and Stalled while they are true, for tools that follow kstatus.
 */
import { isRecord } from '../../model/json.ts';
import type { Condition, Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_HASH } from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { wholeSeconds } from '../../model/time.ts';
import type { WaitingReason } from '../../model/waiting.ts';
import { podKey } from '../resources/pod.ts';
import { readPodHashes } from '../revision/podHashes.ts';
import { unavailableLimit } from './budget.ts';
import { failureOf } from './failure.ts';
import type { Plan, Wait } from './plan.ts';
import { isStuck } from './recreating.ts';

type Finding = Pick<Condition, 'status' | 'reason' | 'message'>;

/** After so long an upgraded Pod that does not come back counts as failing, as a Deployment's does. */
const PROGRESS_DEADLINE_MS = 10 * 60_000;
const MOST_NAMES = 3;

/** Reasons for which a later run goes on without anybody's help. */
const MOVING: readonly WaitingReason[] = ['DisruptionBudget', 'InFlight', 'MaxUnavailable', 'Migrating'];
const COMING_BACK: readonly WaitingReason[] = ['Failing', 'NotReady'];
/** Reasons for which a Pod is left alone though nobody holds it back. */
const LEFT_ALONE: readonly WaitingReason[] = [
  'AnnotationUnreadable',
  'BeyondImage',
  'InjectionPinned',
  'NotRecreatable',
  'Refused',
  'RunsToCompletion',
];

const finding = (isTrue: boolean, reason: string, message: string): Finding => ({
  status: isTrue ? 'True' : 'False',
  reason,
  message,
});

const count = (waits: Wait[], reasons: readonly WaitingReason[]): number =>
  waits.filter(({ reason }) => reasons.includes(reason)).length;

const isCondition = (value: unknown): value is Condition =>
  isRecord(value) && typeof value['type'] === 'string' && typeof value['status'] === 'string';

/** Conditions of the stored status; what somebody else wrote there counts as none. */
export const formerConditions = ({ status }: SidecarSet): Condition[] =>
  Array.isArray(status?.conditions) ? status.conditions.filter(isCondition) : [];

/** The rollout of this generation was over before; Pods that come and go since then do not begin it again. */
const wasOver = (set: SidecarSet): boolean =>
  formerConditions(set).some(
    ({ type, status, observedGeneration }) =>
      type === 'Progressing' && status === 'False' && observedGeneration === set.metadata.generation,
  );

/** `maxUnavailable: 0` lets no serving Pod go, ever. */
const isBarred = (set: SidecarSet, { counts, held }: Plan): boolean =>
  held.length === 0 && unavailableLimit(set, counts.matchedPods) === 0;

const isMoving = (set: SidecarSet, plan: Plan): boolean => {
  const { upgrades, flips, waits, missing } = plan;
  const moving = isBarred(set, plan) ? MOVING.filter((reason) => reason !== 'MaxUnavailable') : MOVING;
  return (
    upgrades.length + flips.length + count(waits, moving) > 0 ||
    (missing + count(waits, COMING_BACK) > 0 && !wasOver(set))
  );
};

const progressing = (set: SidecarSet, plan: Plan): Finding => {
  const { counts, waits, code, fields } = plan;
  const share = `${counts.updatedPods} of ${counts.matchedPods} Pods updated`;
  switch (code) {
    case 'RolloutInvalid':
      return finding(false, 'InvalidStrategy', `nothing is upgraded: ${fields.join(', ')} must be valid`);
    case 'RolloutPaused':
      return finding(false, 'Paused', `${share}; paused`);
    case 'RolloutFrozen':
      return finding(false, 'NotUpdate', `${share}; the update strategy is NotUpdate`);
    default:
  }
  if (isMoving(set, plan)) {
    const rest = count(waits, ['MaxUnavailable', 'DisruptionBudget']);
    return finding(
      true,
      'RollingUpdate',
      `${share}, ${plan.held.length} on their way, ${rest} wait for those`,
    );
  }
  if (count(waits, ['MaxUnavailable']) > 0)
    return finding(false, 'MaxUnavailableZero', `${share}; maxUnavailable lets no serving Pod go`);
  const kept = count(waits, ['Partition', 'NotSelected']);
  const left = count(waits, LEFT_ALONE);
  if (left > 0)
    return finding(false, 'PodsLeftAlone', `${share}; ${left} are left alone, see status.waiting`);
  return kept > 0
    ? finding(false, 'Partitioned', `${share}; ${kept} are kept back by partition or selector`)
    : finding(false, 'Complete', share);
};

const available = (set: SidecarSet, { counts: { matchedPods, readyPods } }: Plan): Finding => {
  const least = Math.max(0, matchedPods - unavailableLimit(set, matchedPods));
  const message = `${readyPods} of ${matchedPods} Pods available, at least ${least} wanted`;
  return readyPods >= least
    ? finding(true, 'MinimumPodsAvailable', message)
    : finding(false, 'TooFewPodsAvailable', message);
};

const upgradedAt = ({ metadata: { name } }: SidecarSet, pod: Pod): number =>
  Date.parse(readPodHashes(pod, ANNOTATION_HASH)?.[name]?.updateTimestamp ?? '');

const unreadySince = ({ status }: Pod): number =>
  Date.parse(
    status?.conditions?.find(({ type, status: is }) => type === 'Ready' && is !== 'True')
      ?.lastTransitionTime ?? '',
  );

/** Longer on its way than the deadline. Times that are not known count as now. */
const isOverdue = (set: SidecarSet, { pod, reason }: Wait, now: Date): boolean => {
  const moments = reason === 'NotReady' ? [upgradedAt(set, pod), unreadySince(pod)] : [upgradedAt(set, pod)];
  return moments.every((moment) => now.getTime() - moment > PROGRESS_DEADLINE_MS);
};

const some = (waits: Wait[]): string => {
  const names = waits.slice(0, MOST_NAMES).map(({ pod }) => podKey(pod));
  return waits.length > MOST_NAMES ? `${names.join(', ')} ...` : names.join(', ');
};

const degraded = (set: SidecarSet, { waits, missing }: Plan, now: Date): Finding => {
  const failing = waits.filter(({ reason }) => reason === 'Failing');
  const [first] = failing;
  const failure = first && failureOf(set, first.pod);
  if (failure) {
    const { container, reason, message } = failure;
    const cause = `container ${container} ${reason}${message && `: ${message}`}`;
    return finding(true, reason, `${failing.length} updated Pods fail: ${cause} (${some(failing)})`);
  }
  const overdue = waits.filter(
    (wait) => ['InFlight', 'Migrating', 'NotReady'].includes(wait.reason) && isOverdue(set, wait, now),
  );
  if (overdue.length > 0) {
    const message = `${overdue.length} updated Pods are not back for 10 minutes (${some(overdue)})`;
    return finding(true, 'ProgressDeadlineExceeded', message);
  }
  return missing > 0 && isStuck(set, missing, now)
    ? finding(
        true,
        'PodsNotRecreated',
        `no Pod has come in place of those that were evicted, ${missing} are missing`,
      )
    : finding(false, 'AsExpected', '');
};

const paused = ({ spec }: SidecarSet): Finding =>
  spec.updateStrategy?.paused
    ? finding(true, 'Paused', 'updateStrategy.paused is set')
    : finding(false, 'NotPaused', '');

/** All conditions after a run. A condition keeps its transition time as long as its status stays. */
export const conditionsAfter = (set: SidecarSet, plan: Plan, now: Date): Condition[] => {
  const [moves, fails] = [progressing(set, plan), degraded(set, plan, now)];
  const findings: [string, Finding][] = [
    ['Progressing', moves],
    ['Available', available(set, plan)],
    ['Degraded', fails],
    ['Paused', paused(set)],
  ];
  if (fails.status === 'True') findings.push(['Stalled', fails]);
  else if (moves.status === 'True') findings.push(['Reconciling', moves]);
  const former = formerConditions(set);
  return findings.map(([type, { status, reason, message }]) => {
    const before = former.find((condition) => condition.type === type);
    const since = before?.status === status ? before.lastTransitionTime : undefined;
    return {
      type,
      status,
      observedGeneration: set.metadata.generation,
      lastTransitionTime: since ?? wholeSeconds(now),
      reason,
      message,
    };
  });
};
