/** Brings a SidecarSet's Pods to its latest revision, each in its way. */
import { recreation, resizePatch } from '../../shared/core/rollout/beyondImage.ts';
import { withinBudget } from '../../shared/core/rollout/budget.ts';
import type { Plan, Upgrade } from '../../shared/core/rollout/plan.ts';
import { flipPatch, podPatch } from '../../shared/core/rollout/podPatch.ts';
import { isServing } from '../../shared/core/rollout/ready.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import type { Dependencies } from './dependencies.ts';
import { evictPod, patchPod, type Written, writeEach } from './writes.ts';

export interface Target {
  set: SidecarSet;
  /** Name of the latest ControllerRevision. */
  revision: string;
  /** The last moment for a write. */
  end: Date;
}

/** How often Pods that are refused are replaced by the next in the line. */
const MOST_REFILLS = 100;
/** So many Pods that PodDisruptionBudgets do not let go are asked for at most: they are asked for again soon. */
const MOST_BLOCKED = 100;

const inPlace = (
  dependencies: Dependencies,
  { set, revision }: Target,
  upgrade: Upgrade,
): Promise<Written> => {
  const patch = podPatch(set, upgrade, revision, dependencies.clock.now());
  return patchPod(dependencies, { pod: upgrade.pod, patch });
};

/** An API server without `pods/resize` answers as if there were no Pod. */
const isRefusal = (written: Written): boolean =>
  written.kind === 'gone' || (written.kind === 'refused' && !written.isTouched);

/** First the resources, then the rest with the hash: a crash in between leaves a Pod that waits still. */
const resize = async (
  dependencies: Dependencies,
  target: Target,
  { pod, way }: Upgrade,
): Promise<Written> => {
  const patch = resizePatch(target.set, pod);
  if (patch === undefined) return inPlace(dependencies, target, { pod, way });
  const resized = await patchPod(dependencies, { pod, patch, subresource: 'resize' });
  if (resized.kind === 'written') {
    const rest = await inPlace(dependencies, target, { pod: resized.stored, way });
    return rest.kind === 'refused' ? { ...rest, pod, isTouched: true } : { ...rest, pod };
  }
  if (!isRefusal(resized)) return resized;
  if (recreation(target.set, pod) === 'recreate') return evictPod(dependencies, pod);
  return { kind: 'refused', pod, fault: 'fault' in resized ? resized.fault : 'pods/resize is not served' };
};

const upgradePod = (dependencies: Dependencies, target: Target, upgrade: Upgrade): Promise<Written> => {
  const { way } = upgrade;
  switch (way) {
    case 'image':
      return inPlace(dependencies, target, upgrade);
    case 'resize':
      return resize(dependencies, target, upgrade);
    case 'recreate':
      return evictPod(dependencies, upgrade.pod);
    default:
      return way satisfies never;
  }
};

/** Takes the line as far as the budget goes. Where the API server refuses a Pod, or it is gone, the next one takes its place. */
export const upgradePods = async (
  dependencies: Dependencies,
  target: Target,
  plan: Plan,
): Promise<Written[]> => {
  const all: Written[] = [];
  let { line, budget } = plan;
  for (let refills = 0; refills <= MOST_REFILLS; refills++) {
    const batch = withinBudget(target.set, line, budget);
    if (batch.length === 0) break;
    const written = await writeEach(dependencies, batch, target.end, (upgrade) =>
      upgradePod(dependencies, target, upgrade),
    );
    all.push(...written);
    line = line.slice(batch.length);
    const isOut = (one: Written) =>
      isServing(target.set, one.pod) && !isRefusal(one) && one.kind !== 'blocked';
    budget -= written.filter(isOut).length;
    if (all.filter(({ kind }) => kind === 'blocked').length >= MOST_BLOCKED) break;
  }
  return all;
};

/** Ends hot upgrades: the containers that have handed over become empty. */
export const flipPods = (
  dependencies: Dependencies,
  { set, end }: Target,
  { flips }: Plan,
): Promise<Written[]> =>
  writeEach(
    dependencies,
    flips.map((pod) => ({ pod })),
    end,
    ({ pod }) => patchPod(dependencies, { pod, patch: flipPatch(set, pod, dependencies.clock.now()) }),
  );
