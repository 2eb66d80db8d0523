/** patchPodMetadata: annotations that a SidecarSet gives its Pods. */
import type { Pod, StatusCause } from '../../model/kubernetes.ts';
import type { SidecarSet, SidecarSetSpec } from '../../model/sidecarset.ts';
import { invalid } from '../validation/cause.ts';
import { mergePatchText } from './mergePatchText.ts';

type Patch = NonNullable<SidecarSetSpec['patchPodMetadata']>[number];
type Annotations = ReadonlyMap<string, string>;

/** What the value becomes; `undefined` if it can't be merged. */
type Policy = (before: string | undefined, given: string) => string | undefined;

const POLICIES: ReadonlyMap<string, Policy> = new Map<string, Policy>([
  ['Retain', (before, given) => before ?? given],
  ['Overwrite', (_, given) => given],
  ['MergePatchJson', mergePatchText],
]);

const patchedBy = (before: Annotations, { annotations = {}, patchPolicy }: Patch): Annotations | string => {
  const policy = POLICIES.get(patchPolicy || 'Retain');
  // OpenKruise stores any policy and ignores those that it does not know.
  if (policy === undefined) return before;
  const after = new Map(before);
  for (const [key, given] of Object.entries(annotations)) {
    const value = policy(after.get(key), given);
    if (value === undefined) return key;
    after.set(key, value);
  }
  return after;
};

const refusal = (key: string, set: SidecarSet): StatusCause[] => [
  invalid(
    `metadata.annotations[${key}]`,
    `SidecarSet ${set.metadata.name} merges into it, so both values must be JSON, and its own an object`,
  ),
];

/** The Pod with the annotations of the sets, one set after the other: `Retain`, `Overwrite` or `MergePatchJson`. */
export const patchPodMetadata = (
  pod: Pod,
  sets: SidecarSet[],
): { kind: 'patched'; pod: Pod } | { kind: 'refused'; causes: StatusCause[] } => {
  let annotations: Annotations = new Map(Object.entries(pod.metadata.annotations ?? {}));
  for (const set of sets) {
    for (const patch of set.spec.patchPodMetadata ?? []) {
      const after = patchedBy(annotations, patch);
      if (typeof after === 'string') return { kind: 'refused', causes: refusal(after, set) };
      annotations = after;
    }
  }
  if (annotations.size === 0) return { kind: 'patched', pod };
  const metadata = { ...pod.metadata, annotations: Object.fromEntries(annotations) };
  return { kind: 'patched', pod: { ...pod, metadata } };
};
