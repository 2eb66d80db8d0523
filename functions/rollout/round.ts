/** One batch of one SidecarSet, under our claim. */
import { lastWrites, unclaimed } from '../../shared/core/rollout/claim.ts';
import { type Plan, planRollout, withReasons } from '../../shared/core/rollout/plan.ts';
import { missingPods } from '../../shared/core/rollout/recreating.ts';
import { type Findings, statusAfter } from '../../shared/core/rollout/status.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import type { WaitingReason } from '../../shared/model/waiting.ts';
import { giveBack } from './claim.ts';
import type { Dependencies } from './dependencies.ts';
import { type Picture, takePicture } from './picture.ts';
import { announce, reportFlips, writeConditions } from './report.ts';
import { type Registered, register, truncate } from './revisions.ts';
import { flipPods, upgradePods } from './upgrade.ts';
import { afterWrites, type Written } from './writes.ts';

export interface Round {
  /** The plan, for the Pods as they are after the writes. */
  plan: Plan;
  /** What became of the Pods that were upgraded, and of those whose hot upgrade was ended. */
  upgrades: Written[];
  flips: Written[];
  /** What became of the Pods' conditions. */
  conditions: Written[];
  /** Version of the Pod list that the round decided on. */
  listed: string;
  /** All was done and the status says so; else somebody must come back. */
  complete: boolean;
}

/** The Pod has changed since it was listed, there was no time for it, or its write failed. */
const isLeftOver = ({ kind }: Written): boolean => ['raced', 'late', 'throttled', 'fault'].includes(kind);

const REASONS: Partial<Record<Written['kind'], WaitingReason>> = {
  blocked: 'DisruptionBudget',
  refused: 'Refused',
};

const reasonsOf = (writes: Written[]): Map<Pod, WaitingReason> =>
  new Map(
    writes.flatMap(({ kind, pod }) => {
      const reason = REASONS[kind];
      return reason ? [[pod, reason] as const] : [];
    }),
  );

const storedBy = (writes: Written[]): Set<Pod> =>
  new Set(writes.flatMap((written) => (written.kind === 'written' ? [written.stored] : [])));

interface Work {
  held: SidecarSet;
  picture: Picture;
  plan: Plan;
  registered: Registered;
}

interface Writes {
  flips: Written[];
  upgrades: Written[];
  conditions: Written[];
  /** The Pods as they are then. */
  after: Pod[];
}

/** Everything between the two writes of the claim, none later than `end`. */
const write = async (
  dependencies: Dependencies,
  { held, picture, plan, registered }: Work,
  end: Date,
): Promise<Writes> => {
  const target = { set: held, revision: registered.latest.metadata.name, end };
  const flips = await flipPods(dependencies, target, plan);
  const upgrades = await upgradePods(dependencies, target, plan);
  const after = afterWrites(picture.pods, [...flips, ...upgrades]);
  const conditions = await writeConditions(dependencies, held, { after, plan, end });
  if (dependencies.clock.now() <= end) {
    await reportFlips(dependencies, flips);
    await announce(dependencies, held, plan.notUpgradable.length);
    await truncate(dependencies.cluster, held, registered.history, after);
  }
  return { flips, upgrades, conditions, after };
};

/** What the status is to say after the writes. */
const findingsAfter = (
  { held, picture: { pods }, plan, registered }: Work,
  { flips, upgrades, after }: Writes,
  now: Date,
): Findings => {
  const evicted = upgrades.filter(({ kind }) => kind === 'evicted').length;
  const next = planRollout(held, {
    matched: after,
    history: registered.history,
    missing: plan.missing + evicted,
    justTaken: storedBy(upgrades),
  });
  return {
    plan: withReasons(next, reasonsOf(upgrades)),
    matched: pods.length,
    evicted,
    latestRevision: registered.latest.metadata.name,
    collisionCount: registered.collisionCount,
    isDoubtful: [...upgrades, ...flips].some(({ kind }) => kind === 'fault'),
    now,
  };
};

/** @param begin called before the first Pod is written */
const play = async (
  dependencies: Dependencies,
  held: SidecarSet,
  { deadline, begin }: { deadline: Date; begin: () => void },
): Promise<Round> => {
  const { cluster, clock } = dependencies;
  const end = lastWrites(deadline).patch;
  const picture = await takePicture(dependencies, held);
  const { pods, listed, at, history } = picture;
  const missing = missingPods(held, pods.length, clock.now());
  const plan = planRollout(held, { matched: pods, history, missing });
  if (clock.now() > end) {
    await giveBack(dependencies, held, unclaimed(held, false), deadline);
    return { plan, upgrades: [], flips: [], conditions: [], listed, complete: false };
  }
  const work: Work = { held, picture, plan, registered: await register(cluster, held, history) };
  begin();
  const writes = await write(dependencies, work, end);
  const { flips, upgrades, conditions } = writes;

  const findings = findingsAfter(work, writes, clock.now());
  const finished = ![...upgrades, ...flips, ...conditions].some(isLeftOver);
  const status = statusAfter(held, findings, finished ? { listed, at } : undefined);
  const isStored = await giveBack(dependencies, held, status, deadline);
  return { flips, upgrades, conditions, plan: findings.plan, listed, complete: finished && isStored };
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
  let hasBegun = false;
  const begin = () => {
    hasBegun = true;
  };
  try {
    return await play(dependencies, held, { deadline, begin });
  } catch (fault) {
    await giveBack(dependencies, held, unclaimed(held, hasBegun), deadline).catch((second: unknown) =>
      dependencies.log.warn('the claim was not given back; it ends by itself', { fault: second }),
    );
    throw fault;
  }
};
