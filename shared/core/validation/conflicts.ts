/** What two SidecarSets must not bring to one Pod. Checked against all others whose selectors overlap. */
import { sameJson } from '../../model/json.ts';
import type { StatusCause } from '../../model/kubernetes.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { overlap } from '../labels/overlap.ts';
import { baseOf } from './canary.ts';
import { invalid } from './cause.ts';
import { patchedKeys } from './podMetadata.ts';
import { volumeDefaults } from './volumeDefaults.ts';

/** `perhaps`: OpenKruise would take both sets, and a Pod that both select is refused. */
export interface Conflict {
  certainty: 'yes' | 'perhaps';
  cause: StatusCause;
}

/** One is the canary of the other: a Pod gets one of them only. OpenKruise sees it from one side only. */
const replaces = (left: SidecarSet, right: SidecarSet): boolean =>
  baseOf(left) === right.metadata.name || baseOf(right) === left.metadata.name;

const containerNames = (
  set: SidecarSet,
  other: SidecarSet,
  list: 'containers' | 'initContainers',
): StatusCause[] => {
  const taken = new Set((other.spec[list] ?? []).map(({ name }) => name));
  return (set.spec[list] ?? []).flatMap(({ name }, index) =>
    taken.has(name)
      ? [
          invalid(
            `spec.${list}[${index}].name`,
            `SidecarSet ${other.metadata.name} brings a container ${name} too`,
          ),
        ]
      : [],
  );
};

const volumes = (set: SidecarSet, other: SidecarSet): StatusCause[] =>
  (set.spec.volumes ?? []).flatMap((volume, index) => {
    const theirs = other.spec.volumes?.find(({ name }) => name === volume.name);
    if (!theirs || sameJson(volumeDefaults(volume), volumeDefaults(theirs))) return [];
    const why = `SidecarSet ${other.metadata.name} brings another volume ${volume.name}`;
    return [invalid(`spec.volumes[${index}]`, why)];
  });

/** `Retain` gives way, and two merges meet; an overwriting one tolerates no other. */
const annotations = (set: SidecarSet, other: SidecarSet): StatusCause[] => {
  const writing = (each: SidecarSet) =>
    patchedKeys(each.spec.patchPodMetadata).filter(
      ({ patch }) => (patch.patchPolicy || 'Retain') !== 'Retain',
    );
  const theirs = writing(other);
  return writing(set).flatMap(({ key, field, patch }) => {
    const clashing = theirs.some(
      (each) =>
        each.key === key &&
        [patch.patchPolicy, each.patch.patchPolicy].some((policy) => policy === 'Overwrite'),
    );
    return clashing ? [invalid(field, `SidecarSet ${other.metadata.name} writes this annotation too`)] : [];
  });
};

/** @param others all SidecarSets of the cluster, in any order; the set itself among them does not count */
export const conflicts = (set: SidecarSet, others: SidecarSet[]): Conflict[] =>
  others
    .filter(({ metadata, spec }) => metadata.name !== set.metadata.name && spec.selector)
    .filter((other) => !replaces(set, other))
    .toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))
    .flatMap((other) => {
      const found = [
        overlap(set.spec.selector, other.spec.selector),
        overlap(set.spec.namespaceSelector, other.spec.namespaceSelector),
      ];
      if (found.includes('no')) return [];
      const certainty = found.includes('perhaps') ? 'perhaps' : 'yes';
      return [
        ...containerNames(set, other, 'initContainers'),
        ...containerNames(set, other, 'containers'),
        ...volumes(set, other),
        ...annotations(set, other),
      ].map((cause): Conflict => ({ certainty, cause }));
    });
