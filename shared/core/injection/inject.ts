/** The decision of a Pod's admission: which sidecars it gets, how its containers start, what is recorded. */
import { sameJson } from '../../model/json.ts';
import type { Pod, StatusCause } from '../../model/kubernetes.ts';
import { ANNOTATION_HASH, ANNOTATION_HASH_WITHOUT_IMAGE, ENV_INJECTED } from '../../model/names.ts';
import { type Code, REASONS } from '../../model/reasons.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { switchedOn } from '../resources/pod.ts';
import type { Digest } from '../revision/hash.ts';
import { readPodHashes } from '../revision/podHashes.ts';
import { invalid, sentence } from '../validation/cause.ts';
import { withDefaults } from '../validation/defaults.ts';
import { readSidecarSet } from '../validation/read.ts';
import { unsupportedInjection } from '../validation/unsupported.ts';
import { injectionAnnotations, type Recorded } from './annotations.ts';
import { withLaunchOrder } from './launchOrder.ts';
import { whyLeftAlone } from './leftAlone.ts';
import { markManaged } from './managed.ts';
import { selectSidecarSets } from './select.ts';
import { addSidecars, clashingNames } from './sidecars.ts';

export interface InjectionContext {
  /** Of the request: the Pod in it may name none yet. */
  namespace: string;
  /** Labels of the Namespace object; `undefined` if there is none. */
  namespaceLabels: Record<string, string> | undefined;
  now: Date;
  /** Yields a number in [0, 1). */
  random: () => number;
  digest: Digest;
}

interface Injected {
  kind: 'injected';
  pod: Pod;
  /** Names of the SidecarSets whose containers were added now, in the order of injection. */
  sets: string[];
  warnings: string[];
}

export type Injection =
  | Injected
  | { kind: 'unchanged'; reason: Code }
  | { kind: 'refused'; code: Code; message: string; causes: StatusCause[] };

type Refusal = Extract<Injection, { kind: 'refused' }>;

const refused = (code: Code, causes: StatusCause[], about = ''): Refusal => ({
  kind: 'refused',
  code,
  message: `${about}${REASONS[code]}: ${sentence(causes)}`,
  causes,
});

/** Written while our webhook was not there, a set has no hashes (and no defaults). */
const hashed = (set: SidecarSet, digest: Digest): SidecarSet =>
  set.metadata.annotations?.[ANNOTATION_HASH] === undefined ? withDefaults(set, digest) : set;

const usable = (stored: SidecarSet, digest: Digest): { kind: 'usable'; set: SidecarSet } | Refusal => {
  const read = readSidecarSet(stored);
  const causes = read.kind === 'refused' ? read.causes : unsupportedInjection(read.set);
  if (read.kind === 'read' && causes.length === 0) return { kind: 'usable', set: hashed(read.set, digest) };
  return refused('InjectionSetUnusable', causes, `SidecarSet ${stored.metadata.name}: `);
};

const clash = (sets: SidecarSet[]): Refusal | undefined => {
  const names = clashingNames(sets);
  if (names.length === 0) return undefined;
  const bringing = sets.map(({ metadata }) => metadata.name).join(', ');
  return refused('InjectionNameClash', [
    invalid('spec.containers', `${names.join(', ')}, brought by SidecarSets ${bringing}`),
  ]);
};

/** The sets that select the Pod, or the first reason why they can't be injected. */
const selectedSets = (
  pod: Pod,
  stored: SidecarSet[],
  { namespaceLabels, digest }: InjectionContext,
): { kind: 'selected'; sets: SidecarSet[] } | Refusal => {
  const results = selectSidecarSets(pod, namespaceLabels, stored).map((set) => usable(set, digest));
  const refusal = results.find((result) => result.kind === 'refused');
  if (refusal !== undefined) return refusal;
  const sets = results.flatMap((result) => (result.kind === 'usable' ? [result.set] : []));
  return clash(sets) ?? { kind: 'selected', sets };
};

const recorded = (pod: Pod): ({ kind: 'recorded' } & Recorded) | Refusal => {
  const hashes = readPodHashes(pod, ANNOTATION_HASH);
  const withoutImage = readPodHashes(pod, ANNOTATION_HASH_WITHOUT_IMAGE);
  if (hashes !== undefined && withoutImage !== undefined) return { kind: 'recorded', hashes, withoutImage };
  const key = hashes === undefined ? ANNOTATION_HASH : ANNOTATION_HASH_WITHOUT_IMAGE;
  return refused('InjectionAnnotationUnreadable', [
    invalid(`metadata.annotations[${key}]`, 'must be a JSON object of hashes by SidecarSet name'),
  ]);
};

/** All containers of the set are there in this very version: the webhook is called again after other webhooks. */
const isInjected = (pod: Pod, set: SidecarSet, { hashes }: Recorded): boolean => {
  const inPod = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const containers = [...(set.spec.containers ?? []), ...(set.spec.initContainers ?? [])];
  const record = Object.hasOwn(hashes, set.metadata.name) ? hashes[set.metadata.name] : undefined;
  return (
    record?.hash === set.metadata.annotations?.[ANNOTATION_HASH] &&
    containers.every(({ name }) =>
      inPod.some((container) => container.name === name && switchedOn(container, ENV_INJECTED)),
    )
  );
};

const withSets = (pod: Pod, sets: SidecarSet[], now: Date): Injected | Refusal => {
  const nothing: Injected = { kind: 'injected', pod, warnings: [], sets: [] };
  if (sets.length === 0) return nothing;
  const record = recorded(pod);
  if (record.kind === 'refused') return record;
  const missing = sets.filter((set) => !isInjected(pod, set, record));
  if (missing.length === 0) return nothing;
  const annotations = injectionAnnotations(pod, missing, record, now);
  const { pod: changed, warnings } = addSidecars(pod, missing);
  const injected = { ...changed, metadata: { ...changed.metadata, annotations } };
  return { kind: 'injected', pod: injected, warnings, sets: missing.map(({ metadata }) => metadata.name) };
};

/**
 * What becomes of a Pod that is created. Doing it again on its own output changes nothing.
 *
 * @param sets all SidecarSets of the cluster
 */
export const injectPod = (pod: Pod, sets: SidecarSet[], context: InjectionContext): Injection => {
  const leftAlone = whyLeftAlone(pod, context.namespace);
  if (leftAlone !== undefined) return { kind: 'unchanged', reason: leftAlone };
  const selected = selectedSets(pod, sets, context);
  if (selected.kind === 'refused') return selected;
  const injected = withSets(pod, selected.sets, context.now);
  if (injected.kind === 'refused') return injected;
  const order = withLaunchOrder(injected.pod, context.random);
  if (order.kind === 'refused') return refused('InjectionPriorityUnreadable', order.causes);
  const result = markManaged(order.pod);
  if (!sameJson(result, pod)) return { ...injected, pod: result };
  return {
    kind: 'unchanged',
    reason: selected.sets.length > 0 ? 'InjectionComplete' : 'InjectionNotSelected',
  };
};
