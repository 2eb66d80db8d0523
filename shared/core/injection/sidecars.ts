import type { Container, Pod } from '../../model/kubernetes.ts';
import { ENV_INJECTED } from '../../model/names.ts';
import type { SidecarContainer, SidecarSet, SidecarSetSpec } from '../../model/sidecarset.ts';
import { switchedOn } from '../resources/pod.ts';
import { isNativeSidecar } from '../revision/hash.ts';
import { injectedContainer } from './container.ts';
import { isHotUpgraded, twinAnnotations, twinNames, twins } from './hotUpgrade.ts';
import { mergeContainers, type Placed } from './merge.ts';
import { mergeVolumes } from './volumes.ts';

type Position = Placed['position'];

/** OpenKruise doubles native sidecars too, though it never upgrades them; a plain init container has nothing to hand over. */
const isDoubled = (sidecar: SidecarContainer, isInit: boolean): boolean =>
  isHotUpgraded(sidecar) && (!isInit || isNativeSidecar(sidecar));

const doubled = (spec: SidecarSetSpec): string[] => [
  ...(spec.initContainers ?? []).filter((sidecar) => isDoubled(sidecar, true)).map(({ name }) => name),
  ...(spec.containers ?? []).filter((sidecar) => isDoubled(sidecar, false)).map(({ name }) => name),
];

/** The names under which the containers of a SidecarSet stand in a Pod. */
export const namesInPod = (spec: SidecarSetSpec): string[] => {
  const hot = new Set(doubled(spec));
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])].flatMap(({ name }) =>
    hot.has(name) ? twinNames(name) : [name],
  );
};

const placed = (sidecars: SidecarContainer[], pod: Pod, isInit: boolean): Placed[] =>
  sidecars.flatMap((sidecar) => {
    const container = injectedContainer(sidecar, pod);
    const fallback: Position = isInit ? 'AfterAppContainer' : 'BeforeAppContainer';
    const containers: Container[] = isDoubled(sidecar, isInit) ? twins(sidecar, container) : [container];
    return containers.map((each) => ({ container: each, position: sidecar.podInjectPolicy || fallback }));
  });

const byName = (left: SidecarContainer, right: SidecarContainer): number => (left.name < right.name ? -1 : 1);

/** The Pod's secrets, each once, then those that it does not have. */
const pullSecrets = (pod: Pod, sets: SidecarSet[]): { name?: string }[] => {
  const all = [
    ...(pod.spec.imagePullSecrets ?? []),
    ...sets.flatMap(({ spec }) => spec.imagePullSecrets ?? []),
  ];
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
};

const containersOf = (sets: SidecarSet[], list: 'containers' | 'initContainers'): SidecarContainer[] =>
  sets.flatMap(({ spec }) => spec[list] ?? []);

const initContainers = (pod: Pod, sets: SidecarSet[]): Container[] =>
  mergeContainers(
    pod.spec.initContainers ?? [],
    placed(containersOf(sets, 'initContainers').sort(byName), pod, true),
  );

/**
 * A Pod that was made from another one's manifest may hold a plain sidecar of an older version as a native one: as in its
 * own list, the new one takes its place.
 */
const withoutFormer = (pod: Pod, sets: SidecarSet[]): Pod => {
  const names = new Set(containersOf(sets, 'containers').map(({ name }) => name));
  const { initContainers = [], ...spec } = pod.spec;
  const kept = initContainers.filter(
    (container) => !names.has(container.name) || !switchedOn(container, ENV_INJECTED),
  );
  if (kept.length === initContainers.length) return pod;
  return { ...pod, spec: { ...spec, ...(kept.length > 0 && { initContainers: kept }) } };
};

/**
 * The Pod with the containers, volumes, pull secrets and hot-upgrade annotations of the sets, in their order; init
 * containers are sorted by name over all sets, as in OpenKruise. Warnings say which volumes were not taken.
 */
export const addSidecars = (given: Pod, sets: SidecarSet[]): { pod: Pod; warnings: string[] } => {
  const pod = withoutFormer(given, sets);
  const containers = placed(containersOf(sets, 'containers'), pod, false);
  const inits = initContainers(pod, sets);
  const { volumes, warnings } = mergeVolumes(pod, sets);
  const secrets = pullSecrets(pod, sets);
  const hot = twinAnnotations(
    sets.flatMap(({ spec }) => doubled(spec)),
    pod,
  );
  const spec = {
    ...pod.spec,
    containers: mergeContainers(pod.spec.containers, containers),
    ...(inits.length > 0 && { initContainers: inits }),
    ...(volumes.length > 0 && { volumes }),
    ...(secrets.length > 0 && { imagePullSecrets: secrets }),
  };
  const metadata = { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...hot } };
  return { pod: { ...pod, metadata, spec }, warnings };
};
