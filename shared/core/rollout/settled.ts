import type { ControllerRevision, Pod } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { nextRevision, superfluousRevisions } from '../revision/history.ts';
import { usedRevisions } from '../revision/podHashes.ts';
import { isFound } from './condition.ts';
import type { Plan } from './plan.ts';
import { isTold } from './status.ts';

/** Whether a run would write nothing: then it need not claim the SidecarSet. */
export const isSettled = (
  set: SidecarSet,
  plan: Plan,
  { pods, history }: { pods: Pod[]; history: ControllerRevision[] },
): boolean => {
  const { name } = set.metadata;
  const collisionCount = set.status?.collisionCount ?? 0;
  const step = nextRevision(set, history, collisionCount);
  const findings = { counts: plan.counts, latestRevision: step.revision.metadata.name, collisionCount };
  return (
    plan.upgrades.length === 0 &&
    step.kind === 'keep' &&
    isTold(set, findings) &&
    plan.notUpgradable.every((pod) => isFound(pod, name, false)) &&
    superfluousRevisions(set, history, usedRevisions(set, pods)).length === 0
  );
};
