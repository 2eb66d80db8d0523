/**
 * HotUpgrade of running Pods: the new version starts in the one of the two containers that is empty, and when it has
 * taken over, the other one gets the empty image ("flip"). Between the two the Pod is migrating.
 */
import type { Container, Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_WORKING } from '../../model/names.ts';
import type { SidecarContainer, SidecarSet } from '../../model/sidecarset.ts';
import { twinNames, versionKeys } from '../injection/hotUpgrade.ts';
import { parseRecord } from '../resources/json.ts';
import { containerStatus, isReady } from '../resources/pod.ts';
import { asMaps, goJson } from '../revision/goJson.ts';
import { isConsistent } from './consistent.ts';
import { coldSidecars, hotSidecars, sidecarNames } from './sidecars.ts';
import { isUpgradable } from './updated.ts';

export interface ContainerImage {
  name: string;
  image: string;
}

/** What a write changes of the Pod's two containers of one sidecar. */
export interface HotChange {
  images: ContainerImage[];
  annotations: Record<string, string>;
}

/** The change of one sidecar; `working` says which of its two containers works from now on. */
interface Change extends HotChange {
  working?: Record<string, string>;
}

interface Twins {
  working: Container;
  other: Container;
}

const emptyImage = ({ upgradeStrategy }: SidecarContainer): string =>
  upgradeStrategy?.hotUpgradeEmptyImage ?? '';

/**
 * Which of the two works, where the record can't be read: the one that is not empty, else the one with the wanted image,
 * else the first.
 */
const guessed = (sidecar: SidecarContainer, [first, second]: [Container, Container]): Container => {
  const [full] = [first, second].filter(({ image }) => image !== emptyImage(sidecar));
  const isOneEmpty = first.image === emptyImage(sidecar) || second.image === emptyImage(sidecar);
  if (isOneEmpty) return full ?? first;
  return second.image === sidecar.image ? second : first;
};

/** The two containers of a sidecar, `undefined` if the Pod lacks one. */
const twinsOf = (pod: Pod, sidecar: SidecarContainer): Twins | undefined => {
  const [first, second] = twinNames(sidecar.name).map((twin) =>
    pod.spec.containers.find(({ name }) => name === twin),
  );
  if (first === undefined || second === undefined) return undefined;
  const recorded = parseRecord(pod.metadata.annotations?.[ANNOTATION_WORKING] ?? '')?.[sidecar.name];
  const working = [first, second].find(({ name }) => name === recorded) ?? guessed(sidecar, [first, second]);
  return { working, other: working === first ? second : first };
};

/** Sidecars whose other container is not empty: two versions run. */
const migratingSidecars = (set: SidecarSet, pod: Pod): SidecarContainer[] =>
  hotSidecars(set).filter((sidecar) => {
    const twins = twinsOf(pod, sidecar);
    return twins !== undefined && twins.other.image !== emptyImage(sidecar);
  });

/** Two versions of a sidecar run in the Pod. Of a Pod that differs in more than images nothing is known. */
export const isMigrating = (set: SidecarSet, pod: Pod): boolean =>
  hotSidecars(set).length > 0 && isUpgradable(set, pod) && migratingSidecars(set, pod).length > 0;

const runsWell = (set: SidecarSet, pod: Pod, { name }: Container): boolean =>
  containerStatus(pod, name)?.ready === true && isConsistent(set, pod, [name]);

/**
 * The new version has taken over: every container but those that are or become empty runs what it should, and the Pod,
 * or every container that is not empty, is ready.
 */
export const isFlipDue = (set: SidecarSet, pod: Pod): boolean => {
  if (!isMigrating(set, pod)) return false;
  const migrating = migratingSidecars(set, pod).flatMap((sidecar) => twinsOf(pod, sidecar) ?? []);
  const leaving = migrating.map(({ other }) => other.name);
  const staying = sidecarNames(set).filter((name) => !leaving.includes(name));
  if (!isConsistent(set, pod, staying)) return false;
  if (!migrating.every(({ working }) => runsWell(set, pod, working))) return false;
  if (pod.status?.phase === 'Running' && isReady(pod)) return true;
  const empty = new Set(hotSidecars(set).map(emptyImage));
  const cold = coldSidecars(set, pod).map(({ container }) => container);
  return [...pod.spec.containers, ...cold].every(
    ({ name, image = '' }) =>
      empty.has(image) || leaving.includes(name) || containerStatus(pod, name)?.ready === true,
  );
};

/** The new version's annotations, and those of the one that it takes over from. */
const handOver = (
  pod: Pod,
  { to, from, version }: { to: string; from: string; version: string },
): Record<string, string> => ({
  [versionKeys(to).version]: version,
  [versionKeys(to).alternative]: pod.metadata.annotations?.[versionKeys(from).version] ?? '0',
  [versionKeys(from).alternative]: version,
});

/** One container becomes empty; the annotations of both say so. */
const emptied = (sidecar: SidecarContainer, { working, other }: Twins): Change => ({
  images: [{ name: other.name, image: emptyImage(sidecar) }],
  annotations: { [versionKeys(other.name).version]: '0', [versionKeys(working.name).alternative]: '0' },
});

/** Where the new version goes: into the empty container, else into the one that does not run well, else into the one that does not work. */
const targetOf = (set: SidecarSet, pod: Pod, sidecar: SidecarContainer, twins: Twins): Container => {
  const inOrder = [twins.working, twins.other].sort((a, b) => (a.name < b.name ? -1 : 1));
  const empty = inOrder.find(({ image }) => image === emptyImage(sidecar));
  if (empty) return empty;
  const unwell = inOrder.filter((container) => !runsWell(set, pod, container));
  return unwell.length === 1 && unwell[0] ? unwell[0] : twins.other;
};

/** Taken back in the middle: the wanted version is there still, so it works on and the other one goes. */
const takenBack = (sidecar: SidecarContainer, { working, other }: Twins): Change => ({
  ...emptied(sidecar, { working: other, other: working }),
  working: { [sidecar.name]: other.name },
});

const upgradeOf = (set: SidecarSet, pod: Pod, sidecar: SidecarContainer): Change[] => {
  const twins = twinsOf(pod, sidecar);
  if (twins === undefined || sidecar.image === undefined) return [];
  if (twins.working.image === sidecar.image) return [];
  if (twins.other.image === sidecar.image) return [takenBack(sidecar, twins)];
  const target = targetOf(set, pod, sidecar, twins);
  const rest = target === twins.working ? twins.other : twins.working;
  const version = set.metadata.resourceVersion ?? '1';
  return [
    {
      images: [{ name: target.name, image: sidecar.image }],
      annotations: handOver(pod, { to: target.name, from: rest.name, version }),
      working: { [sidecar.name]: target.name },
    },
  ];
};

const together = (pod: Pod, changes: Change[]): HotChange => {
  const working = Object.assign({}, ...changes.map((change) => change.working));
  const before = parseRecord(pod.metadata.annotations?.[ANNOTATION_WORKING] ?? '');
  const annotations = Object.assign({}, ...changes.map((change) => change.annotations));
  return {
    images: changes.flatMap(({ images }) => images),
    annotations:
      Object.keys(working).length === 0
        ? annotations
        : { ...annotations, [ANNOTATION_WORKING]: goJson(asMaps({ ...before, ...working })) },
  };
};

/** Brings the wanted version into every hot-upgraded sidecar of the Pod. */
export const hotUpgrade = (set: SidecarSet, pod: Pod): HotChange =>
  together(
    pod,
    hotSidecars(set).flatMap((sidecar) => upgradeOf(set, pod, sidecar)),
  );

/** Empties the containers that have handed over. */
export const flip = (set: SidecarSet, pod: Pod): HotChange =>
  together(
    pod,
    migratingSidecars(set, pod).flatMap((sidecar) => {
      const twins = twinsOf(pod, sidecar);
      return twins ? [emptied(sidecar, twins)] : [];
    }),
  );
