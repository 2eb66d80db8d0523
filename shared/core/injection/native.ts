/**
 * The strategy `native`: plain sidecars become restartable init containers (Kubernetes 1.29 and later), as far as their
 * place in the start order can be kept there. The others stay plain, and a warning says why.
 */
import type { Container, Pod } from '../../model/kubernetes.ts';
import { ENV_INJECTED } from '../../model/names.ts';
import type { SidecarContainer, SidecarSet } from '../../model/sidecarset.ts';
import type { Strategy } from '../../model/strategy.ts';
import { switchedOn } from '../resources/pod.ts';
import { isHotUpgraded } from './hotUpgrade.ts';
import { startPriorities, unreadablePriorities } from './priorities.ts';
import { startedWhenReady } from './startupProbe.ts';
import { strategyOf } from './strategy.ts';

/** What decides beside the SidecarSets. */
export interface Platform {
  /** Of SidecarSets that do not say it themselves. */
  strategy: Strategy;
  /** Of the API server: 1.34 is `{major: 1, minor: 34}`. `undefined`: not read, or could not be read. */
  serverVersion: { major: number; minor: number } | undefined;
}

export const COMPATIBLE: Platform = { strategy: 'compatible', serverVersion: undefined };

/** A plain container of the Pod, with its place in the start order. */
interface Place {
  container: Container;
  priority: number;
}

/** A sidecar of a set that wants it native. */
interface Wish {
  set: string;
  sidecar: SidecarContainer;
  /** Why it stays a plain container whatever else stands in the Pod. */
  obstacle: string | undefined;
}

/** Whether any of the sets asks for native sidecars: only then the API server's version matters. */
export const wantsNative = (sets: SidecarSet[], strategy: Strategy): boolean =>
  sets.some((set) => strategyOf(set, strategy) === 'native');

const whyNotHere = ({ serverVersion }: Platform): string | undefined => {
  const { major = Number.NaN, minor = Number.NaN } = serverVersion ?? {};
  if (Number.isNaN(major + minor)) return 'the version of the API server is not known';
  const knowsThem = major > 1 || (major === 1 && minor >= 29);
  return knowsThem ? undefined : 'the API server is older than Kubernetes 1.29';
};

const wishesOf = (sets: SidecarSet[], before: Pod, platform: Platform): Wish[] => {
  const own = before.spec.containers.filter((container) => !switchedOn(container, ENV_INJECTED));
  const obstacle = (sidecar: SidecarContainer): string | undefined => {
    if (isHotUpgraded(sidecar)) return 'a hot upgrade hands over between two plain containers';
    return own.some(({ name }) => name === sidecar.name)
      ? 'it takes the place of a container of the Pod'
      : whyNotHere(platform);
  };
  return sets
    .filter((set) => strategyOf(set, platform.strategy) === 'native')
    .flatMap(({ metadata, spec }) =>
      (spec.containers ?? []).map((sidecar) => ({
        set: metadata.name,
        sidecar,
        obstacle: obstacle(sidecar),
      })),
    );
};

/** Stable: of equal ones the order of the list counts. */
const byPriority = (left: Place, right: Place): number => right.priority - left.priority;

/**
 * Of the containers that stay plain the one that starts first is the measure: a sidecar that has to wait for it can't be
 * an init container. That one has a lower priority then, so by staying plain it holds no other sidecar back.
 */
const firstOf = (staying: Place[]): Place | undefined => staying.toSorted(byPriority)[0];

const native = ({ container, priority }: Place, least: number): Container => ({
  ...(priority > least ? startedWhenReady(container) : container),
  restartPolicy: 'Always',
});

const warning = ({ set, sidecar }: Wish, why: string): string =>
  `SidecarSet ${set}: ${sidecar.name} is injected as a plain container: ${why}`;

const withMoved = (pod: Pod, moved: Place[], least: number): Pod => {
  const names = new Set(moved.map(({ container }) => container.name));
  const { initContainers = [], containers } = pod.spec;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      initContainers: [...initContainers, ...moved.toSorted(byPriority).map((place) => native(place, least))],
      containers: containers.filter(({ name }) => !names.has(name)),
    },
  };
};

/**
 * The Pod with those of its plain sidecars as native ones that want it and can: after all other init containers, when
 * plain containers would start, by priority, then as they stood in the list.
 *
 * @param pod with all sidecars as plain containers, and without barriers
 * @param before the Pod without them
 * @param sets those that were injected now
 */
export const startNatively = (
  pod: Pod,
  before: Pod,
  sets: SidecarSet[],
  platform: Platform,
): { pod: Pod; warnings: string[] } => {
  const wishes = wishesOf(sets, before, platform);
  // A Pod whose order can't be read is refused as it is.
  if (wishes.length === 0 || unreadablePriorities(pod).length > 0) return { pod, warnings: [] };
  const priorities = startPriorities(pod);
  const places = pod.spec.containers.map((container, at) => ({ container, priority: priorities[at] ?? 0 }));
  const able = new Set(wishes.filter(({ obstacle }) => !obstacle).map(({ sidecar }) => sidecar.name));
  const first = firstOf(places.filter(({ container }) => !able.has(container.name)));
  // No Pod is without plain containers.
  if (first === undefined) return { pod, warnings: [] };
  const moved = places.filter((place) => able.has(place.container.name) && place.priority >= first.priority);
  const late = `it is to start once ${first.container.name} is ready`;
  const warnings = wishes
    .filter(({ sidecar }) => !moved.some(({ container }) => container.name === sidecar.name))
    .map((wish) => warning(wish, wish.obstacle ?? late));
  return { pod: moved.length > 0 ? withMoved(pod, moved, Math.min(...priorities)) : pod, warnings };
};
