/** Which containers of a Pod a rollout is about, and under which names they stand there. */
import type { SidecarContainer, SidecarSet } from '../../model/sidecarset.ts';
import { isHotUpgraded, twinNames } from '../injection/hotUpgrade.ts';
import { isNativeSidecar } from '../revision/hash.ts';

export type List = 'containers' | 'initContainers';

/** A sidecar that is upgraded by its image, and then restarted by the node. */
export interface ColdSidecar {
  list: List;
  sidecar: SidecarContainer;
}

const coldIn = (list: List, sidecars: SidecarContainer[] = []): ColdSidecar[] =>
  sidecars.filter((sidecar) => !isHotUpgraded(sidecar)).map((sidecar) => ({ list, sidecar }));

/** Plain containers and, other than in OpenKruise, native sidecars. A plain init container has run already. */
export const coldSidecars = ({ spec }: SidecarSet): ColdSidecar[] => [
  ...coldIn('initContainers', spec.initContainers?.filter(isNativeSidecar)),
  ...coldIn('containers', spec.containers),
];

/** Sidecars that stand in a Pod twice. */
export const hotSidecars = ({ spec }: SidecarSet): SidecarContainer[] =>
  (spec.containers ?? []).filter(isHotUpgraded);

/** Names in a Pod of all containers that an upgrade may change. */
export const sidecarNames = (set: SidecarSet): string[] => [
  ...coldSidecars(set).map(({ sidecar }) => sidecar.name),
  ...hotSidecars(set).flatMap(({ name }) => twinNames(name)),
];
