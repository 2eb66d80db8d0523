/** Which start levels of a Pod are to be open now, and which writes are missing for it. */
import type { ConfigMap, Pod } from '../../model/kubernetes.ts';
import {
  ANNOTATION_LAUNCH_COMPLETED,
  ANNOTATION_LAUNCH_OPENED,
  ANNOTATION_LAUNCH_OPENED_AT,
} from '../../model/names.ts';
import type { Code } from '../../model/reasons.ts';
import { wholeSeconds } from '../../model/time.ts';
import { containerStatus, isTerminal } from '../resources/pod.ts';
import { hasFailed, isPassed, type Level, levelsOf } from './levels.ts';
import { isOverdue, openedAt } from './overdue.ts';
import { type BarrierOwner, barrierOwner } from './owner.ts';
import {
  failedReport,
  foreignReport,
  isBlocked,
  openedStatus,
  overdueReport,
  type PodWrite,
  type Report,
} from './report.ts';

export type LaunchPlan =
  | { kind: 'nothing'; code: Code }
  /**
   * First the keys, then the Pod: its write is the poke that makes the kubelet look at the ConfigMap at once. Either may
   * be missing: a run may have ended between the two, and not every opening needs a poke.
   */
  | { kind: 'open'; door: Door | undefined; write: PodWrite }
  | Report;

export interface Door {
  /** `replace` takes the ConfigMap over from a Pod of the same name that is gone, its open levels with it. */
  how: 'create' | 'patch' | 'replace';
  /** In start order. */
  keys: string[];
}

/** What is there, read. */
interface Picture {
  pod: Pod;
  /** In start order, at least one. */
  levels: Level[];
  owner: Exclude<BarrierOwner, 'stranger'>;
  /** Keys of the levels that are open to this Pod. */
  open: Set<string>;
  now: Date;
}

const HOW = { nobody: 'create', this: 'patch', predecessor: 'replace' } as const;

export const isLaunchCompleted = ({ metadata }: Pick<Pod, 'metadata'>): boolean =>
  metadata.annotations?.[ANNOTATION_LAUNCH_COMPLETED] === 'true';

/** Why nothing is to be done, whatever the ConfigMap holds. */
export const whyAtRest = (pod: Pod): Code | undefined => {
  const ends = pod.metadata.deletionTimestamp !== undefined || isTerminal(pod);
  if (ends || levelsOf(pod).length === 0) return 'LaunchNotWaiting';
  return isLaunchCompleted(pod) ? 'LaunchComplete' : undefined;
};

/** A container that has failed for good, and that a level waits for that is not open. */
const failedFor = ({ pod, levels, open }: Picture): string | undefined => {
  const lastClosed = levels.findLastIndex(({ key }) => !open.has(key));
  return levels
    .slice(0, Math.max(0, lastClosed))
    .flatMap(({ containers }) => containers)
    .find((name) => hasFailed(pod, name));
};

/** The first level with a container that is not passed. */
const holdingLevel = ({ pod, levels }: Picture): Level | undefined =>
  levels.find(({ containers }) => !containers.every((name) => isPassed(pod, name)));

/** The kubelet has looked for the key of an open level before it was there, and would not look again for a while. */
const isAsleep = (pod: Pod, opened: Level[]): boolean =>
  opened
    .flatMap(({ containers }) => containers)
    .some((name) => containerStatus(pod, name)?.state?.waiting?.reason === 'CreateContainerConfigError');

/** Its kubelet has not reported anything, and is far from looking for keys. */
const isFresh = ({ status }: Pod): boolean => (status?.containerStatuses ?? []).length === 0;

/**
 * The poke, with what it records. A fresh Pod, whose first level is opened, needs none: a write of every Pod is saved.
 * Should its kubelet have been faster, it says so, and the Pod is poked then.
 */
const pokeFor = ({ pod, now }: Picture, opened: Level[], isNew: boolean): PodWrite['annotations'] => {
  const last = opened.at(-1)?.key ?? '';
  const isKnown =
    pod.metadata.annotations?.[ANNOTATION_LAUNCH_OPENED] === last && openedAt(pod) !== undefined;
  const isDue = isNew ? !isFresh(pod) : !isKnown && (opened.length > 1 || isAsleep(pod, opened));
  return isDue ? { [ANNOTATION_LAUNCH_OPENED]: last, [ANNOTATION_LAUNCH_OPENED_AT]: wholeSeconds(now) } : {};
};

/** All levels down to and including the one that holds the rest back. `undefined`: they are open, and the Pod knows it. */
const planOpening = (picture: Picture, holding: Level | undefined): LaunchPlan | undefined => {
  const { pod, levels, owner, open, now } = picture;
  const due = holding ? levels.slice(0, levels.indexOf(holding) + 1) : levels;
  const keys = due.map(({ key }) => key).filter((key) => !open.has(key));
  const opened = levels.filter((level) => open.has(level.key) || due.includes(level));
  const annotations = {
    ...pokeFor(picture, opened, keys.length > 0),
    ...(opened.length === levels.length && { [ANNOTATION_LAUNCH_COMPLETED]: 'true' }),
  };
  const last = opened.at(-1);
  const door = keys.length === 0 ? undefined : { how: HOW[owner], keys };
  if (last === undefined || (door === undefined && Object.keys(annotations).length === 0)) return undefined;
  return { kind: 'open', door, write: { annotations, status: openedStatus(pod, last, now) } };
};

const planFor = (picture: Picture): LaunchPlan => {
  const { pod, now } = picture;
  const failed = pod.status?.phase === 'Pending' ? failedFor(picture) : undefined;
  if (failed !== undefined) return failedReport(pod, failed, now);
  const holding = holdingLevel(picture);
  const opening = planOpening(picture, holding);
  if (opening) return opening;
  return holding && isOverdue(pod, now) && !isBlocked(pod)
    ? overdueReport(pod, holding, now)
    : { kind: 'nothing', code: 'LaunchWaiting' };
};

/**
 * Level k+1 opens when every container of the levels above is passed; equal priorities open together; containers
 * without a barrier never block. With the last level the Pod is marked completed, and its order is not looked at again.
 * A level that holds the next one back for too long is reported, once. A Pod of which a container has failed for good
 * fails, if something waits for that container.
 *
 * @param configMap the one that the barriers name, `undefined` if there is none
 */
export const planLaunch = (pod: Pod, configMap: ConfigMap | undefined, now: Date): LaunchPlan => {
  const code = whyAtRest(pod);
  if (code !== undefined) return { kind: 'nothing', code };
  const owner = barrierOwner(pod, configMap);
  if (owner === 'stranger') {
    return isBlocked(pod)
      ? { kind: 'nothing', code: 'LaunchForeign' }
      : foreignReport(pod, configMap?.metadata.name ?? '', now);
  }
  const open = new Set(owner === 'this' ? Object.keys(configMap?.data ?? {}) : []);
  return planFor({ pod, levels: levelsOf(pod), owner, open, now });
};
