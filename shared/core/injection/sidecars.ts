import type { Container, Pod } from '../../model/kubernetes.ts';
import type { SidecarContainer, SidecarSet } from '../../model/sidecarset.ts';
import { injectedContainer } from './container.ts';
import { mergeContainers, type Placed } from './merge.ts';
import { mergeVolumes } from './volumes.ts';

type Position = Placed['position'];

const placed = (sidecars: SidecarContainer[], pod: Pod, fallback: Position): Placed[] =>
  sidecars.map((sidecar) => ({
    container: injectedContainer(sidecar, pod),
    position: sidecar.podInjectPolicy || fallback,
  }));

const byName = (left: SidecarContainer, right: SidecarContainer): number => (left.name < right.name ? -1 : 1);

/** The Pod's secrets, each once, then those that it does not have. */
const pullSecrets = (pod: Pod, sets: SidecarSet[]): { name?: string }[] => {
  const all = [
    ...(pod.spec.imagePullSecrets ?? []),
    ...sets.flatMap(({ spec }) => spec.imagePullSecrets ?? []),
  ];
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
};

/** Names that two SidecarSets bring, or the same one twice. */
const clashes = (sidecars: SidecarContainer[]): string[] => {
  const names = sidecars.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) < index))];
};

const containersOf = (sets: SidecarSet[], list: 'containers' | 'initContainers'): SidecarContainer[] =>
  sets.flatMap(({ spec }) => spec[list] ?? []);

/** Names of containers that more than one of the sets brings; the API server would refuse the Pod with a riddle. */
export const clashingNames = (sets: SidecarSet[]): string[] => [
  ...clashes(containersOf(sets, 'initContainers')),
  ...clashes(containersOf(sets, 'containers')),
];

const initContainers = (pod: Pod, sets: SidecarSet[]): Container[] =>
  mergeContainers(
    pod.spec.initContainers ?? [],
    placed(containersOf(sets, 'initContainers').sort(byName), pod, 'AfterAppContainer'),
  );

/**
 * The Pod with the containers, volumes and pull secrets of the sets, in their order; init containers are sorted by
 * name over all sets, as in OpenKruise. Warnings say which volumes were not taken.
 */
export const addSidecars = (pod: Pod, sets: SidecarSet[]): { pod: Pod; warnings: string[] } => {
  const containers = placed(containersOf(sets, 'containers'), pod, 'BeforeAppContainer');
  const inits = initContainers(pod, sets);
  const { volumes, warnings } = mergeVolumes(pod, sets);
  const secrets = pullSecrets(pod, sets);
  const spec = {
    ...pod.spec,
    containers: mergeContainers(pod.spec.containers, containers),
    ...(inits.length > 0 && { initContainers: inits }),
    ...(volumes.length > 0 && { volumes }),
    ...(secrets.length > 0 && { imagePullSecrets: secrets }),
  };
  return { pod: { ...pod, spec }, warnings };
};
