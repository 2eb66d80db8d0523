/** Ends the sidecars of one Pod whose main containers are done. */
import { lookAgain } from '../../shared/core/forwarding/again.ts';
import { unlessEarly } from '../../shared/core/forwarding/unlessEarly.ts';
import { decideTermination, type Step } from '../../shared/core/termination/decide.ts';
import { givenUpEvent } from '../../shared/core/termination/givenUpEvent.ts';
import { type StepResult, terminationOutcomes } from '../../shared/core/termination/outcomes.ts';
import { FAILED_TRY_SECONDS, graceSeconds, newTry, type Tries } from '../../shared/core/termination/tries.ts';
import { retryLostRace } from '../../shared/io/lostRace.ts';
import { type Clock, type Cluster, isAlreadyExists } from '../../shared/io/ports.ts';
import type { ClusterEvent } from '../../shared/model/event.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import type { Outcome } from '../../shared/model/outcome.ts';
import { EVENTS, PODS } from '../../shared/model/resources.ts';
import { record, recordFailures } from './record.ts';
import { sendTerm } from './signal.ts';

export interface TerminateOptions {
  cluster: Cluster;
  clock: Clock;
}

/** What is to be done, its tries already recorded on `pod`. */
interface Plan {
  pod: Pod;
  steps: Step[];
  now: Date;
}

const newTries = (steps: Step[], now: Date): Tries =>
  Object.fromEntries(
    steps.flatMap((step) =>
      step.kind === 'signal' ? [[step.container, newTry(step.attempt, now)] as const] : [],
    ),
  );

/** Nobody comes back for these steps, and the announced write may be the start of a sidecar that has no process yet. */
const waitForStart = (steps: Step[]): boolean =>
  steps.every(({ kind }) => kind === 'leave') &&
  steps.some((step) => step.kind === 'leave' && step.code === 'TerminationNotRunning');

/** Reads, decides, and records the tries before they are made: of two runs at once only one gets to act. */
const prepare = async (
  event: ClusterEvent,
  { cluster, clock }: TerminateOptions,
): Promise<Plan | Outcome> => {
  const { namespace, name, uid } = event.ref;
  const pod = await cluster.get<Pod>(PODS, { namespace, name });
  if (pod === undefined) return unlessEarly(event, undefined, 'ObjectGone');
  if (uid !== undefined && uid !== pod.metadata.uid) return { kind: 'done', code: 'OtherUid' };
  const now = clock.now();
  const decision = decideTermination(pod, now);
  if (decision.kind === 'nothing') return unlessEarly(event, pod.metadata.resourceVersion, decision.code);
  const { steps } = decision;
  const look = waitForStart(steps) ? lookAgain(event, pod.metadata.resourceVersion) : undefined;
  if (look) return { kind: 'later', code: 'TooEarly', ...look };
  const tries = newTries(steps, now);
  const isTry = Object.keys(tries).length > 0;
  return { pod: isTry ? await record(cluster, pod, tries) : pod, steps, now };
};

const tellOwner = async (cluster: Cluster, { pod, now }: Plan, container: string): Promise<void> => {
  try {
    await cluster.create(EVENTS, givenUpEvent(pod, container, now));
  } catch (fault) {
    if (!isAlreadyExists(fault)) throw fault;
  }
};

const perform = async (step: Step, plan: Plan, cluster: Cluster): Promise<StepResult> => {
  const { container } = step;
  switch (step.kind) {
    case 'signal': {
      const why = await sendTerm(cluster, plan.pod, container);
      if (why !== undefined)
        return { container, code: 'TerminationFailed', seconds: FAILED_TRY_SECONDS, why };
      return { container, code: 'TerminationSignalled', seconds: graceSeconds(plan.pod) + 1 };
    }
    case 'wait': {
      const seconds = Math.ceil((step.until.getTime() - plan.now.getTime()) / 1000) + 1;
      return { container, code: 'TerminationWaiting', seconds };
    }
    case 'leave':
      if (step.code === 'TerminationGivenUp') await tellOwner(cluster, plan, container);
      return { container, code: step.code };
    default:
      return step satisfies never;
  }
};

/**
 * The work of `terminate` for one event: read the Pod, record each try on it, signal the sidecars beside each other,
 * come back after the grace period. Rejects with a ClusterError when the API server does not answer or refuses, except
 * for a refused signal: that is a failed try.
 */
export const createTerminate =
  ({ cluster, clock }: TerminateOptions) =>
  async (event: ClusterEvent): Promise<Outcome[]> => {
    const plan = await retryLostRace(() => prepare(event, { cluster, clock }));
    if (plan === undefined) return [{ kind: 'done', code: 'TerminationBusy' }];
    if ('kind' in plan) return [plan];
    const results = await Promise.all(plan.steps.map((step) => perform(step, plan, cluster)));
    const failed = results.filter(({ code }) => code === 'TerminationFailed');
    await recordFailures(
      cluster,
      plan.pod,
      failed.map(({ container }) => container),
    );
    return terminationOutcomes(results, event);
  };
