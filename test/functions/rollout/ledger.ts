/** Watches at every single write that a rollout keeps its promises. */
import type { KubernetesObject, Pod } from '../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_HASH_WITHOUT_IMAGE,
  ANNOTATION_INJECTED_LIST,
} from '../../../shared/model/names.ts';
import { PODS, SIDECARSETS } from '../../../shared/model/resources.ts';
import type { IntOrString, SidecarSet } from '../../../shared/model/sidecarset.ts';
import type { FakeChange, FakeCluster } from '../../support/fakeCluster.ts';
import { SET } from '../../support/fleet.ts';
import { runsAll } from './node.ts';

/** On a Pod that an owner made in place of another one: the uid of that. */
export const REPLACES = 'test/replaces';

export interface Ledger {
  violations: string[];
  /** Pods that were ready when an upgrade took them and are not back: uids. */
  out: Set<string>;
}

export interface LedgerOptions {
  maxUnavailable?: IntOrString;
  /** So many Pods keep their revision. */
  kept?: number;
  /** A Pod that was taken is back. */
  isBack?: (pod: Pod) => boolean;
}

const mainImage = ({ spec }: Pod): string | undefined =>
  spec.containers.find(({ name }) => name === 'main')?.image;

export const hashOf = ({ metadata }: KubernetesObject): string | undefined => {
  try {
    return JSON.parse(metadata.annotations?.[ANNOTATION_HASH] ?? '{}')[SET]?.hash;
  } catch {
    return undefined;
  }
};

const isOurs = ({ metadata }: Pod): boolean =>
  (metadata.annotations?.[ANNOTATION_INJECTED_LIST] ?? '').split(',').includes(SET);

export const isAlive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && !['Succeeded', 'Failed'].includes(status?.phase ?? '');

const isReady = ({ status }: Pod): boolean =>
  status?.phase === 'Running' &&
  (status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ??
    false);

/** What an upgrade changes. */
const upgraded = ({ metadata: { annotations = {} }, spec }: Pod): string =>
  JSON.stringify([spec, annotations[ANNOTATION_HASH], annotations[ANNOTATION_HASH_WITHOUT_IMAGE]]);

const amount = (value: IntOrString, total: number): number =>
  typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * total) / 100);

export const keepLedger = (
  cluster: FakeCluster,
  { maxUnavailable = 1, kept = 0, isBack = runsAll }: LedgerOptions,
): Ledger => {
  const violations: string[] = [];
  const out = new Set<string>();
  const matched = new Map<string, Pod>();
  let hash: string | undefined;

  const takes = (pod: Pod, uid: string): void => {
    out.add(uid);
    const limit = amount(maxUnavailable, matched.size);
    if (out.size > limit)
      violations.push(`${out.size} are out, ${limit} may be: ${pod.metadata.name} was taken`);
  };

  const checkKept = (pod: Pod): void => {
    const old = [...matched.values()].filter((one) => hashOf(one) !== hash).length;
    if (hashOf(pod) === hash && old < kept) violations.push(`${old} are kept back, ${kept} should be`);
  };

  const seeOurWrite = (before: Pod, after: Pod, uid: string): void => {
    if (mainImage(before) !== mainImage(after)) violations.push(`${after.metadata.name}: its main changed`);
    if (!isOurs(before)) violations.push(`${after.metadata.name} is not of the SidecarSet, and was written`);
    const wasServing = isReady(before) && isAlive(before);
    const isTaken = upgraded(before) !== upgraded(after) || !isAlive(after);
    if (isTaken && wasServing) takes(after, uid);
    if (kept > 0 && upgraded(before) !== upgraded(after)) checkKept(after);
  };

  /** Pods that the change has brought back, or that others have taken away. */
  const noLongerOut = (was: Pod | undefined, is: Pod | undefined, by: FakeChange['by']): string[] => {
    if (is && isAlive(is) && isBack(is)) {
      return [is.metadata.uid ?? '', is.metadata.annotations?.[REPLACES] ?? ''];
    }
    const isTakenByOthers = by === 'others' && was !== undefined && isAlive(was) && !(is && isAlive(is));
    return isTakenByOthers ? [was.metadata.uid ?? ''] : [];
  };

  const seePod = ({ before, after, by }: FakeChange): void => {
    const [was, is] = [before as Pod | undefined, after as Pod | undefined];
    const uid = (is ?? was)?.metadata.uid ?? '';
    if (is && isOurs(is) && isAlive(is)) matched.set(uid, is);
    else matched.delete(uid);
    if (by === 'ports' && was && is) seeOurWrite(was, is, uid);
    for (const back of noLongerOut(was, is, by)) out.delete(back);
  };

  const start = cluster.readAll<Pod>(PODS);
  for (const pod of start.filter((one) => isOurs(one) && isAlive(one))) {
    matched.set(pod.metadata.uid ?? '', pod);
  }
  hash = cluster.read<SidecarSet>(SIDECARSETS, { name: SET }).metadata.annotations?.[ANNOTATION_HASH];
  cluster.onChange((change) => {
    if (change.resource === PODS) seePod(change);
    if (change.resource === SIDECARSETS) hash = change.after?.metadata.annotations?.[ANNOTATION_HASH];
  });
  return { violations, out };
};
