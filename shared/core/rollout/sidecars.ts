/** Which containers of a Pod a rollout is about, and under which names they stand there. */
import type { Container, Pod } from '../../model/kubernetes.ts';
import type { SidecarContainer, SidecarSet } from '../../model/sidecarset.ts';
import { isHotUpgraded, twinNames } from '../injection/hotUpgrade.ts';
import { isNativeSidecar } from '../revision/hash.ts';

export type List = 'containers' | 'initContainers';

/** A sidecar that is upgraded by its image, and then restarted by the node. */
export interface ColdSidecar {
  sidecar: SidecarContainer;
  /** As it stands in the Pod. */
  container: Container;
  /** Where it stands there: one of `containers` is among the init containers if it was injected as a native one. */
  list: List;
}

/** Plain containers and, other than in OpenKruise, native sidecars. A plain init container has run already. */
const coldContainers = ({ spec }: SidecarSet): SidecarContainer[] =>
  [...(spec.initContainers ?? []).filter(isNativeSidecar), ...(spec.containers ?? [])].filter(
    (sidecar) => !isHotUpgraded(sidecar),
  );

const placeOf = (pod: Pod, name: string): Omit<ColdSidecar, 'sidecar'> | undefined => {
  const isNamed = (container: Container): boolean => container.name === name;
  const plain = pod.spec.containers.find(isNamed);
  if (plain) return { container: plain, list: 'containers' };
  const native = pod.spec.initContainers?.find(isNamed);
  return native && isNativeSidecar(native) ? { container: native, list: 'initContainers' } : undefined;
};

/** Whether a container of the name runs as long as the Pod: a plain one, or a native sidecar. */
export const hasSidecar = (pod: Pod, name: string): boolean => placeOf(pod, name) !== undefined;

/** Whether it is a native sidecar, which the node starts again under every restartPolicy of the Pod. */
export const isNative = (pod: Pod, name: string): boolean => placeOf(pod, name)?.list === 'initContainers';

/** The SidecarSet's sidecars that the Pod has. */
export const coldSidecars = (set: SidecarSet, pod: Pod): ColdSidecar[] =>
  coldContainers(set).flatMap((sidecar) => {
    const place = placeOf(pod, sidecar.name);
    return place ? [{ sidecar, ...place }] : [];
  });

/** Sidecars that stand in a Pod twice. */
export const hotSidecars = ({ spec }: SidecarSet): SidecarContainer[] =>
  (spec.containers ?? []).filter(isHotUpgraded);

/** Names in a Pod of all containers that an upgrade may change. */
export const sidecarNames = (set: SidecarSet): string[] => [
  ...coldContainers(set).map(({ name }) => name),
  ...hotSidecars(set).flatMap(({ name }) => twinNames(name)),
];
