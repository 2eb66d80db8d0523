/** One batch of one SidecarSet, under our claim. */
import { lastWrites, unclaimed } from '../../shared/core/rollout/claim.ts';
import { countPods } from '../../shared/core/rollout/counts.ts';
import { type Plan, planRollout } from '../../shared/core/rollout/plan.ts';
import { statusAfter } from '../../shared/core/rollout/status.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import { giveBack } from './claim.ts';
import type { Dependencies } from './dependencies.ts';
import { takePicture } from './picture.ts';
import { announce, writeConditions } from './report.ts';
import { register, truncate } from './revisions.ts';
import { afterWrites, upgradePods, type Written } from './upgrade.ts';

export interface Round {
  /** The plan, with the counts as they are after the writes. */
  plan: Plan;
  /** What became of `plan.upgrades`, in order. */
  upgrades: Written[];
  /** What became of the Pods' conditions. */
  conditions: Written[];
  /** All was done and the status says so; else somebody must come back. */
  complete: boolean;
}

/** The Pod has changed since it was listed, there was no time for it, or its write failed. */
const isLeftOver = ({ kind }: Written): boolean => kind === 'raced' || kind === 'late' || kind === 'fault';

const play = async (dependencies: Dependencies, held: SidecarSet, deadline: Date): Promise<Round> => {
  const { cluster, clock } = dependencies;
  const end = lastWrites(deadline).patch;
  const { pods, listed, history } = await takePicture(cluster, held);
  const plan = planRollout(held, pods);
  if (clock.now() > end) {
    await giveBack(dependencies, held, unclaimed(held), deadline);
    return { plan, upgrades: [], conditions: [], complete: false };
  }
  const { latest, collisionCount, ...registered } = await register(cluster, held, history);

  const target = { pods: plan.upgrades, revision: latest.metadata.name, end };
  const upgrades = await upgradePods(dependencies, held, target);
  const after = afterWrites(pods, upgrades);
  const conditions = await writeConditions(dependencies, held, { upgrades, plan, end });
  if (clock.now() <= end) {
    await announce(dependencies, held, plan.notUpgradable);
    await truncate(cluster, held, registered.history, after);
  }

  const counts = countPods(held, after);
  const finished = ![...upgrades, ...conditions].some(isLeftOver);
  const findings = { counts, latestRevision: latest.metadata.name, collisionCount };
  const status = statusAfter(held, findings, finished ? listed : undefined);
  const told = await giveBack(dependencies, held, status, deadline);
  return { plan: { ...plan, counts }, upgrades, conditions, complete: finished && told };
};

/**
 * Lists, registers the revision, moves Pods as far as the plan and the time allow, and writes the status last. A fault
 * gives the claim back before it is thrown on.
 *
 * @param held the SidecarSet as our claim left it
 */
export const playRound = async (
  dependencies: Dependencies,
  held: SidecarSet,
  deadline: Date,
): Promise<Round> => {
  try {
    return await play(dependencies, held, deadline);
  } catch (fault) {
    await giveBack(dependencies, held, unclaimed(held), deadline).catch((second: unknown) =>
      dependencies.log.warn('the claim was not given back; it ends by itself', { fault: second }),
    );
    throw fault;
  }
};
