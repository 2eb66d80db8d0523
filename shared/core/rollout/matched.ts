/** Which Pods a SidecarSet's rollout is about. */
import type { Pod } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { isHotUpgraded, twinNames } from '../injection/hotUpgrade.ts';
import { isEmptySelector, selects } from '../labels/selector.ts';
import { injectedSets, isTerminal } from '../resources/pod.ts';
import { hasSidecar } from './sidecars.ts';

const holdsContainers = (set: SidecarSet, pod: Pod): boolean =>
  (set.spec.containers ?? []).every((sidecar) =>
    (isHotUpgraded(sidecar) ? twinNames(sidecar.name) : [sidecar.name]).every((name) =>
      hasSidecar(pod, name),
    ),
  );

const isSelected = ({ spec: { selector } }: SidecarSet, pod: Pod): boolean =>
  !!selector && !isEmptySelector(selector) && selects(selector, pod.metadata.labels);

/**
 * The Pods that count as matched in OpenKruise: selected, alive, injected by this SidecarSet (a Pod that is older than
 * the SidecarSet never is) and still holding each of its containers; of a hot-upgraded one both.
 *
 * @param pods of the namespaces that the SidecarSet selects
 */
export const matchedPods = (set: SidecarSet, pods: Pod[]): Pod[] =>
  pods.filter(
    (pod) =>
      isSelected(set, pod) &&
      !isTerminal(pod) &&
      pod.metadata.deletionTimestamp === undefined &&
      injectedSets(pod).includes(set.metadata.name) &&
      holdsContainers(set, pod),
  );
