/** The decision of a Pod's admission: which sidecars it gets, how its containers start, what is recorded. */
import { sameJson } from '../../model/json.ts';
import type { ControllerRevision, Pod, StatusCause } from '../../model/kubernetes.ts';
import { ANNOTATION_HASH, ANNOTATION_HASH_WITHOUT_IMAGE, ENV_INJECTED } from '../../model/names.ts';
import { type Code, REASONS } from '../../model/reasons.ts';
import type { CompileRegex } from '../../model/regex.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { switchedOn } from '../resources/pod.ts';
import type { Digest } from '../revision/hash.ts';
import { readPodHashes } from '../revision/podHashes.ts';
import { invalid, sentence } from '../validation/cause.ts';
import { injectionAnnotations, type Recorded } from './annotations.ts';
import { clashes } from './clashes.ts';
import { type Compiled, compileSet } from './compile.ts';
import { withLaunchOrder } from './launchOrder.ts';
import { whyLeftAlone } from './leftAlone.ts';
import { markManaged } from './managed.ts';
import { COMPATIBLE, type Platform, startNatively } from './native.ts';
import { patchPodMetadata } from './podMetadata.ts';
import { type Choice, chooseRevision } from './revisionChoice.ts';
import { selectSidecarSets } from './select.ts';
import { addSidecars, namesInPod } from './sidecars.ts';
import { withSizes } from './sizes.ts';
import { strategyWarnings } from './strategy.ts';

export interface InjectionContext {
  /** Of the request: the Pod in it may name none yet. */
  namespace: string;
  /** Labels of the Namespace object; `undefined` if there is none. */
  namespaceLabels: Record<string, string> | undefined;
  /** Those that the selected sets may name. */
  revisions: ControllerRevision[];
  /** Unique for the request. */
  requestUid: string;
  now: Date;
  /** Yields a number in [0, 1). */
  random: () => number;
  digest: Digest;
  /** Called only for patterns of selected sets that need it. */
  compileRegex: CompileRegex;
  /** {@link COMPATIBLE} without it. */
  platform?: Platform;
  /** {@link compileSet}, or one that remembers. */
  compile?: (stored: SidecarSet) => Compiled;
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

/** A set in the version that the Pod gets. */
type Chosen = Extract<Choice, { kind: 'chosen' }>;

/** @param about what the sentence begins with */
export const refusedInjection = (code: Code, causes: StatusCause[], about = ''): Refusal => ({
  kind: 'refused',
  code,
  message: `${about}${REASONS[code]}: ${sentence(causes)}`,
  causes,
});

const chosen = (stored: SidecarSet, pod: Pod, context: InjectionContext): Chosen | Refusal => {
  const about = `SidecarSet ${stored.metadata.name}: `;
  const compiled = context.compile?.(stored) ?? compileSet(stored, context.digest);
  if (compiled.kind === 'unusable') return refusedInjection('InjectionSetUnusable', compiled.causes, about);
  const choice = chooseRevision(compiled.set, pod, context.revisions, context);
  if (choice.kind === 'missing') return refusedInjection('InjectionRevisionMissing', [choice.cause], about);
  if (choice.kind === 'unusable') return refusedInjection('InjectionSetUnusable', choice.causes, about);
  return choice;
};

/** The sets that select the Pod, or the first reason why they can't be injected. */
const selectedSets = (
  pod: Pod,
  stored: SidecarSet[],
  context: InjectionContext,
): { kind: 'selected'; chosen: Chosen[] } | Refusal => {
  const selected = selectSidecarSets(pod, context.namespaceLabels, stored);
  const results = selected.map((set) => chosen(set, pod, context));
  const refusal = results.find((result) => result.kind === 'refused');
  if (refusal !== undefined) return refusal;
  const sets = results.flatMap((result) => (result.kind === 'chosen' ? [result] : []));
  const clashing = clashes(
    pod,
    sets.map(({ set }) => set),
  );
  return clashing.length > 0
    ? refusedInjection('InjectionNameClash', clashing)
    : { kind: 'selected', chosen: sets };
};

const recorded = (pod: Pod): ({ kind: 'recorded' } & Recorded) | Refusal => {
  const hashes = readPodHashes(pod, ANNOTATION_HASH);
  const withoutImage = readPodHashes(pod, ANNOTATION_HASH_WITHOUT_IMAGE);
  if (hashes !== undefined && withoutImage !== undefined) return { kind: 'recorded', hashes, withoutImage };
  const key = hashes === undefined ? ANNOTATION_HASH : ANNOTATION_HASH_WITHOUT_IMAGE;
  return refusedInjection('InjectionAnnotationUnreadable', [
    invalid(`metadata.annotations[${key}]`, 'must be a JSON object of hashes by SidecarSet name'),
  ]);
};

/** All containers of the set are there in this very version: the webhook is called again after other webhooks. */
const holds = (pod: Pod, set: SidecarSet, { hashes }: Recorded): boolean => {
  const inPod = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const record = Object.hasOwn(hashes, set.metadata.name) ? hashes[set.metadata.name] : undefined;
  return (
    record?.hash === set.metadata.annotations?.[ANNOTATION_HASH] &&
    namesInPod(set.spec).every((name) =>
      inPod.some((container) => container.name === name && switchedOn(container, ENV_INJECTED)),
    )
  );
};

const withSets = (
  pod: Pod,
  selected: Chosen[],
  { now, compileRegex, platform = COMPATIBLE }: InjectionContext,
): Injected | Refusal => {
  const nothing: Injected = { kind: 'injected', pod, warnings: [], sets: [] };
  if (selected.length === 0) return nothing;
  const record = recorded(pod);
  if (record.kind === 'refused') return record;
  const missing = selected
    .filter(({ candidates }) => !candidates.some((set) => holds(pod, set, record)))
    .map(({ set }) => set);
  if (missing.length === 0) return nothing;
  const sized = withSizes(
    missing,
    selected.map(({ set }) => set),
    pod,
    compileRegex,
  );
  if (sized.kind === 'refused') return refusedInjection('InjectionResourcesImpossible', sized.causes);
  const patched = patchPodMetadata(pod, missing);
  if (patched.kind === 'refused') return refusedInjection('InjectionMetadataUnmergeable', patched.causes);
  const added = addSidecars(patched.pod, sized.sets);
  const { pod: changed, warnings } = startNatively(added.pod, patched.pod, missing, platform);
  const annotations = injectionAnnotations(changed, missing, record, now);
  return {
    kind: 'injected',
    pod: { ...changed, metadata: { ...changed.metadata, annotations } },
    sets: missing.map(({ metadata }) => metadata.name),
    warnings: [...added.warnings, ...strategyWarnings(missing, platform.strategy), ...warnings],
  };
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
  const injected = withSets(pod, selected.chosen, context);
  if (injected.kind === 'refused') return injected;
  const order = withLaunchOrder(injected.pod, context.random);
  if (order.kind === 'refused') return refusedInjection('InjectionPriorityUnreadable', order.causes);
  const result = markManaged(order.pod);
  if (!sameJson(result, pod)) return { ...injected, pod: result };
  return {
    kind: 'unchanged',
    reason: selected.chosen.length > 0 ? 'InjectionComplete' : 'InjectionNotSelected',
  };
};
