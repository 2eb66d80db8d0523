/** Reads, decides, and records the tries. */
import { lookAgain } from '../../shared/core/forwarding/again.ts';
import { unlessEarly } from '../../shared/core/forwarding/unlessEarly.ts';
import { decideTermination, type Step } from '../../shared/core/termination/decide.ts';
import { type JobFacts, needsJob } from '../../shared/core/termination/job.ts';
import {
  firstWrite,
  isMadeByFirstWrite,
  refusedWrite,
  type TryStep,
} from '../../shared/core/termination/writes.ts';
import type { Cluster } from '../../shared/io/ports.ts';
import type { ClusterEvent } from '../../shared/model/event.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import type { Outcome } from '../../shared/model/outcome.ts';
import { JOBS, PODS } from '../../shared/model/resources.ts';
import type { Dependencies } from './dependencies.ts';
import { isRefused, writePod } from './record.ts';

/** What is to be done, its tries already recorded on `pod`. */
export interface Plan {
  pod: Pod;
  steps: Step[];
  /** Why the tries that the record itself makes were refused; nothing else was done then. */
  refused?: string;
  /** Other steps are left to the next round. */
  isPartial: boolean;
  now: Date;
}

const jobOf = async (cluster: Cluster, pod: Pod): Promise<JobFacts | undefined> => {
  const owner = needsJob(pod);
  if (owner === undefined) return undefined;
  return cluster.get<JobFacts>(JOBS, { namespace: pod.metadata.namespace, name: owner.name });
};

/** Nobody comes back for these steps, and the announced write may be the start of a sidecar that has no process yet. */
const waitForStart = (steps: Step[]): boolean =>
  steps.every(({ kind }) => kind === 'leave') &&
  steps.some((step) => step.kind === 'leave' && step.code === 'TerminationNotRunning');

const isTry = (step: Step): step is TryStep => step.kind === 'try';

/** The phase is one for all; of images each may be refused on its own account. */
const refusedTogether = ([first, ...others]: TryStep[]): TryStep[] =>
  first ? [first, ...others.filter(({ strategy }) => strategy === 'phase')] : [];

const recordTries = async (cluster: Cluster, plan: Plan): Promise<Plan> => {
  const { pod, steps, now } = plan;
  const tries = steps.filter(isTry);
  if (tries.length === 0) return plan;
  try {
    return { ...plan, pod: await writePod(cluster, pod, firstWrite(pod, tries, now)) };
  } catch (fault) {
    const own = tries.filter(isMadeByFirstWrite);
    if (!isRefused(fault) || own.length === 0) throw fault;
    const together = refusedTogether(own);
    const left: Plan = { ...plan, steps: together, isPartial: true };
    if (together.length < own.length) return recordTries(cluster, left);
    const stored = await writePod(cluster, pod, refusedWrite(pod, together, now));
    return { ...left, pod: stored, refused: fault.message };
  }
};

/** Of two runs at once only one gets to act: the other one meets its record. */
export const prepare = async (
  event: ClusterEvent,
  { cluster, clock, killerImage }: Dependencies,
): Promise<Plan | Outcome> => {
  const { namespace, name, uid } = event.ref;
  const pod = await cluster.get<Pod>(PODS, { namespace, name });
  if (pod === undefined) return unlessEarly(event, undefined, 'ObjectGone');
  if (uid !== undefined && uid !== pod.metadata.uid) return { kind: 'done', code: 'OtherUid' };
  const now = clock.now();
  const decision = decideTermination(pod, { job: await jobOf(cluster, pod), killerImage }, now);
  if (decision.kind === 'nothing') return unlessEarly(event, pod.metadata.resourceVersion, decision.code);
  const { steps } = decision;
  const look = waitForStart(steps) ? lookAgain(event, pod.metadata.resourceVersion) : undefined;
  if (look) return { kind: 'later', code: 'TooEarly', ...look };
  return recordTries(cluster, { pod, steps, now, isPartial: false });
};
