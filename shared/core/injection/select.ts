import { isRecord } from '../../model/json.ts';
import type { LabelSelector, Pod } from '../../model/kubernetes.ts';
import { LABEL_NAMESPACE_NAME } from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { isEmptySelector, selects } from '../labels/selector.ts';
import { baseOf } from '../validation/canary.ts';
import { SELECTING } from '../validation/specShape.ts';
import { wrongTypes } from '../validation/wrongTypes.ts';

type Labels = Record<string, string> | undefined;

/** A missing namespace object is no match for any namespaceSelector. */
const takesNamespace = (selector: LabelSelector | undefined, labels: Labels): boolean =>
  !selector || (labels !== undefined && selects(selector, labels));

const takesPod = (selector: LabelSelector | undefined, pod: Pod): boolean =>
  !!selector && !isEmptySelector(selector) && selects(selector, pod.metadata.labels);

/** The namespaceSelector names namespaces, by label or by the first expression on it. */
const isNamespaceBound = ({ spec: { namespaceSelector } }: SidecarSet): boolean =>
  namespaceSelector?.matchLabels?.[LABEL_NAMESPACE_NAME] !== undefined ||
  namespaceSelector?.matchExpressions?.find(({ key }) => key === LABEL_NAMESPACE_NAME)?.operator === 'In';

/** OpenKruise takes namespace-bound sets first, too, but in no order within each group. */
const inOrder = (left: SidecarSet, right: SidecarSet): number =>
  Number(isNamespaceBound(right)) - Number(isNamespaceBound(left)) ||
  (left.metadata.name < right.metadata.name ? -1 : 1);

/** A set that was stored without our webhook may lack even its spec, or hold wrong types; it selects nothing. */
const isReadable = (set: SidecarSet): boolean =>
  isRecord(set.metadata) && isRecord(set.spec) && wrongTypes(set, SELECTING, '').length === 0;

const withoutBases = (selected: SidecarSet[]): SidecarSet[] => {
  const replaced = new Set(selected.map(baseOf));
  return selected.filter(({ metadata }) => !replaced.has(metadata.name));
};

/**
 * The SidecarSets that inject into a Pod: not paused, namespace and Pod selected, not replaced by a canary that selects
 * the Pod too. Namespace-bound ones come before cluster-wide ones; within each group the order is by name.
 *
 * @param namespaceLabels of the Pod's Namespace; `undefined` if there is no such object
 */
export const selectSidecarSets = (pod: Pod, namespaceLabels: Labels, sets: SidecarSet[]): SidecarSet[] =>
  withoutBases(
    sets
      .filter(isReadable)
      .filter(({ spec }) => !spec.injectionStrategy?.paused)
      .filter(({ spec }) => takesNamespace(spec.namespaceSelector, namespaceLabels))
      .filter(({ spec }) => takesPod(spec.selector, pod)),
  ).sort(inOrder);
