/** The ControllerRevisions of a SidecarSet: one for each distinct content, the latest with the highest number. */

import { isRecord, sameJson } from '../../model/json.ts';
import type { ControllerRevision, OwnerReference } from '../../model/kubernetes.ts';
import {
  LABEL_CUSTOM_VERSION,
  LABEL_REVISION_HASH,
  LABEL_SIDECARSET_NAME,
  SIDECARSET_GROUP,
  SIDECARSET_VERSION,
  SYSTEM_NAMESPACE,
} from '../../model/names.ts';
import type { SidecarSet } from '../../model/sidecarset.ts';
import { revisionData, revisionHash, revisionName } from './controllerRevision.ts';

/** What makes the latest revision be the present content. */
export type RevisionStep =
  | { kind: 'keep'; revision: ControllerRevision }
  /** A merge patch: a number above all others (rollback), or another custom version. */
  | { kind: 'change'; revision: ControllerRevision; patch: RevisionPatch }
  | { kind: 'create'; revision: ControllerRevision };

export interface RevisionPatch {
  metadata: { resourceVersion?: string; labels?: Record<string, string> };
  revision?: number;
}

const controller = ({ metadata }: ControllerRevision): OwnerReference | undefined =>
  metadata.ownerReferences?.find((owner) => owner.controller);

const byAge = (a: ControllerRevision, b: ControllerRevision): number =>
  a.revision - b.revision || (a.metadata.name < b.metadata.name ? -1 : 1);

/** Those of this SidecarSet (not of a deleted namesake), oldest first. */
export const historyOf = (set: SidecarSet, revisions: ControllerRevision[]): ControllerRevision[] =>
  revisions
    .filter((revision) => (controller(revision)?.uid ?? set.metadata.uid) === set.metadata.uid)
    .sort(byAge);

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([, part]) => part !== null);
  return Object.fromEntries(kept.map(([key, part]) => [key, withoutNulls(part)]));
};

/**
 * Whether a stored revision restores the SidecarSet's present content. A part that is absent is the same as null, in
 * case somebody (a backup that was restored) has dropped the nulls that OpenKruise writes.
 */
export const holdsContentOf = (set: SidecarSet, { data }: ControllerRevision): boolean =>
  sameJson(withoutNulls(data), withoutNulls(JSON.parse(revisionData(set.spec))));

const newRevision = (set: SidecarSet, number: number, collisionCount: number): ControllerRevision => {
  const { name, uid = '', labels, annotations } = set.metadata;
  const data = revisionData(set.spec);
  const hash = revisionHash(data, collisionCount);
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: revisionName(name, hash),
      namespace: SYSTEM_NAMESPACE,
      labels: {
        ...labels,
        [LABEL_REVISION_HASH]: hash,
        [LABEL_SIDECARSET_NAME]: name,
        ...(set.spec.customVersion && { [LABEL_CUSTOM_VERSION]: set.spec.customVersion }),
      },
      annotations: { ...annotations },
      ownerReferences: [
        {
          apiVersion: `${SIDECARSET_GROUP}/${SIDECARSET_VERSION}`,
          kind: 'SidecarSet',
          name,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    data: JSON.parse(data),
    revision: number,
  };
};

const patchOf = (
  revision: ControllerRevision,
  number: number,
  customVersion: string | undefined,
): RevisionPatch | undefined => {
  const renumber = revision.revision !== number;
  const relabel = customVersion && revision.metadata.labels?.[LABEL_CUSTOM_VERSION] !== customVersion;
  if (!renumber && !relabel) return undefined;
  return {
    metadata: {
      resourceVersion: revision.metadata.resourceVersion,
      ...(relabel && { labels: { [LABEL_CUSTOM_VERSION]: customVersion } }),
    },
    ...(renumber && { revision: number }),
  };
};

/**
 * OpenKruise's rule: content equal to the newest revision keeps it; equal to an older one gives that a new highest
 * number (its name and annotations stay); else a new one. The custom version is a label that is never taken away.
 *
 * @param history of {@link historyOf}
 * @param collisionCount raised by the caller while the new name is taken by other content
 */
export const nextRevision = (
  set: SidecarSet,
  history: ControllerRevision[],
  collisionCount: number,
): RevisionStep => {
  const newest = history.at(-1);
  const highest = newest?.revision ?? 0;
  const same = history.findLast((revision) => holdsContentOf(set, revision));
  if (same === undefined) {
    return { kind: 'create', revision: newRevision(set, highest + 1, collisionCount) };
  }
  const number = same === newest ? highest : highest + 1;
  const patch = patchOf(same, number, set.spec.customVersion);
  return patch ? { kind: 'change', revision: same, patch } : { kind: 'keep', revision: same };
};

const pinned = ({ spec }: SidecarSet, history: ControllerRevision[]): string | undefined => {
  const { revisionName: name, customVersion } = spec.injectionStrategy?.revision ?? {};
  if (name || !customVersion) return name;
  return history.findLast(({ metadata }) => metadata.labels?.[LABEL_CUSTOM_VERSION] === customVersion)
    ?.metadata.name;
};

/** `revisionHistoryLimit` holds at least the newest revision. */
const historyLimit = ({ spec }: SidecarSet): number => Math.max(1, spec.revisionHistoryLimit ?? 10);

/**
 * The revisions beyond `revisionHistoryLimit`: the oldest first, never the newest, none that is used.
 *
 * @param history oldest first
 * @param used names of the revisions that Pods carry
 */
export const superfluousRevisions = (
  set: SidecarSet,
  history: ControllerRevision[],
  used: ReadonlySet<string>,
): ControllerRevision[] => {
  const excess = Math.max(0, history.length - historyLimit(set));
  const kept = pinned(set, history);
  return history
    .slice(0, -1)
    .filter(({ metadata: { name } }) => name !== kept && !used.has(name))
    .slice(0, excess);
};
