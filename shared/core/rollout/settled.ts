import type { ControllerRevision, Pod } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { nextRevision, superfluousRevisions } from '../revision/history.ts';
import { usedRevisions } from '../revision/podHashes.ts';
import { findingsToWrite } from './condition.ts';
import type { Plan } from './plan.ts';
import { isTold } from './status.ts';

/** Whether a run would write nothing: then it need not claim the SidecarSet. */
export const isSettled = (
  set: SidecarSet,
  plan: Plan,
  { pods, history, now }: { pods: Pod[]; history: ControllerRevision[]; now: Date },
): boolean => {
  const collisionCount = set.status?.collisionCount ?? 0;
  const step = nextRevision(set, history, collisionCount);
  const latestRevision = step.revision.metadata.name;
  const findings = {
    plan,
    matched: pods.length,
    evicted: 0,
    latestRevision,
    collisionCount,
    isDoubtful: false,
    now,
  };
  return (
    plan.upgrades.length + plan.flips.length === 0 &&
    step.kind === 'keep' &&
    isTold(set, findings) &&
    findingsToWrite(set, pods, plan.notUpgradable).length === 0 &&
    superfluousRevisions(set, history, usedRevisions(set, pods)).length === 0
  );
};
