/** What a Pod event calls for, told from single Pods and the status. */
import { concernOf, hasArrived } from '../../shared/core/rollout/concern.ts';
import type { ClusterEvent } from '../../shared/model/event.ts';
import type { Pod } from '../../shared/model/kubernetes.ts';
import type { Outcome } from '../../shared/model/outcome.ts';
import { PODS } from '../../shared/model/resources.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';
import type { Dependencies } from './dependencies.ts';
import { done, later } from './outcomes.ts';

/** Reads the Pods one after the other, up to the first that is on its way still: most often that is the first. */
const isAnyOnItsWay = async (
  { cluster }: Dependencies,
  set: SidecarSet,
  names: string[],
): Promise<boolean> => {
  for (const key of names) {
    const [namespace, name = ''] = key.split('/');
    if (!hasArrived(set, await cluster.get<Pod>(PODS, { namespace, name }))) return true;
  }
  return false;
};

/** The outcome if no list of all Pods is called for, or not now. */
export const outcomeOfConcern = async (
  dependencies: Dependencies,
  set: SidecarSet,
  { event, pod }: { event: ClusterEvent; pod: Pod | undefined },
): Promise<Outcome | undefined> => {
  const found = concernOf(set, pod, dependencies.clock.now());
  const isBack = found.kind === 'unless' && !(await isAnyOnItsWay(dependencies, set, found.others));
  const concern = found.kind === 'unless' && isBack ? found.otherwise : found;
  switch (concern.kind) {
    case 'list':
      return undefined;
    case 'nothing':
    case 'unless':
      return done('RolloutInFlight', set);
    case 'later':
      return later('RolloutCountsLater', concern.seconds, { ...event, sets: [set.metadata.name] });
    default:
      return concern satisfies never;
  }
};
