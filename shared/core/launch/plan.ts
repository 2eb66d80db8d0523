/** Which start levels of a Pod are to be open now, and which writes are missing for it. */
import type { ConfigMap, Pod } from '../../model/kubernetes.ts';
import { ANNOTATION_LAUNCH_COMPLETED, ANNOTATION_LAUNCH_OPENED } from '../../model/names.ts';
import type { Code } from '../../model/reasons.ts';
import { type Barrier, barriers } from '../resources/barrier.ts';
import { containerStatus, isTerminal } from '../resources/pod.ts';
import { barrierOwner } from './owner.ts';

export type LaunchPlan =
  | { kind: 'nothing'; code: Code }
  /**
   * First the keys, then the annotations: their write is the poke that makes the kubelet look at the ConfigMap at
   * once. Either may be empty, because a run may have ended between the two.
   */
  | { kind: 'open'; door: Door | undefined; annotations: Record<string, string> };

export interface Door {
  /** `replace` takes the ConfigMap over from a Pod of the same name that is gone, its open levels with it. */
  how: 'create' | 'patch' | 'replace';
  /** In start order. */
  keys: string[];
}

interface Level {
  key: string;
  containers: string[];
}

export const isLaunchCompleted = ({ metadata }: Pick<Pod, 'metadata'>): boolean =>
  metadata.annotations?.[ANNOTATION_LAUNCH_COMPLETED] === 'true';

/** Levels in start order. */
const levelsOf = (all: Barrier[]): Level[] => {
  const inOrder = all.toSorted((a, b) => b.priority - a.priority);
  const keys = [...new Set(inOrder.map(({ key }) => key))];
  return keys.map((key) => ({
    key,
    containers: all.filter((barrier) => barrier.key === key).map(({ container }) => container),
  }));
};

/**
 * A container no longer holds the next level back: it is Ready, or it has ended well and will not run again
 * (OpenKruise waits for ever for one that runs to completion). One that failed under Never holds it back for good:
 * what depends on it must not start.
 */
const isPassed = (pod: Pod, name: string): boolean => {
  const status = containerStatus(pod, name);
  const runsAgain = (pod.spec.restartPolicy ?? 'Always') === 'Always';
  return status?.ready === true || (status?.state?.terminated?.exitCode === 0 && !runsAgain);
};

/** All levels down to and including the first that has a container that is not passed. */
const dueLevels = (pod: Pod, levels: Level[]): Level[] => {
  const holding = levels.findIndex(({ containers }) => !containers.every((name) => isPassed(pod, name)));
  return holding === -1 ? levels : levels.slice(0, holding + 1);
};

const missing = (
  wanted: Record<string, string>,
  there: Record<string, string> = {},
): Record<string, string> =>
  Object.fromEntries(Object.entries(wanted).filter(([key, value]) => there[key] !== value));

const HOW = { nobody: 'create', this: 'patch', predecessor: 'replace' } as const;

const planLevels = (pod: Pod, levels: Level[], configMap: ConfigMap | undefined): LaunchPlan => {
  const owner = barrierOwner(pod, configMap);
  if (owner === 'stranger') return { kind: 'nothing', code: 'LaunchForeign' };
  const open = new Set(owner === 'this' ? Object.keys(configMap?.data ?? {}) : []);
  const due = dueLevels(pod, levels).map(({ key }) => key);
  const keys = due.filter((key) => !open.has(key));
  const opened = levels.map(({ key }) => key).filter((key) => open.has(key) || due.includes(key));
  const wanted = {
    [ANNOTATION_LAUNCH_OPENED]: opened.at(-1) ?? '',
    ...(opened.length === levels.length && { [ANNOTATION_LAUNCH_COMPLETED]: 'true' }),
  };
  const annotations = missing(wanted, pod.metadata.annotations);
  if (Object.keys(annotations).length === 0 && keys.length === 0)
    return { kind: 'nothing', code: 'LaunchWaiting' };
  return { kind: 'open', door: keys.length === 0 ? undefined : { how: HOW[owner], keys }, annotations };
};

/**
 * Level k+1 opens when every container of the levels above is passed; equal priorities open together; containers
 * without a barrier never block. With the last level the Pod is marked completed, and its order is not looked at again.
 *
 * @param configMap the one that `barrierName` names, `undefined` if there is none
 */
export const planLaunch = (pod: Pod, configMap: ConfigMap | undefined): LaunchPlan => {
  const levels = levelsOf(barriers(pod));
  const ends = pod.metadata.deletionTimestamp !== undefined || isTerminal(pod);
  if (levels.length === 0 || ends) return { kind: 'nothing', code: 'LaunchNotWaiting' };
  if (isLaunchCompleted(pod)) return { kind: 'nothing', code: 'LaunchComplete' };
  return planLevels(pod, levels, configMap);
};
