/** The start order of a Pod's containers: a barrier variable that can't be resolved until the container's level opens. */
import type { Container, EnvVar, Pod, StatusCause } from '../../model/kubernetes.ts';
import {
  ANNOTATION_LAUNCH_COMPLETED,
  ANNOTATION_LAUNCH_FAILED,
  ANNOTATION_LAUNCH_OPENED,
  ANNOTATION_LAUNCH_OPENED_AT,
  ENV_BARRIER,
} from '../../model/names.ts';
import { barrierKey, barrierName, barriers } from '../resources/barrier.ts';
import { safeRandom } from '../revision/safeEncode.ts';
import { startPriorities, unreadablePriorities } from './priorities.ts';

export type LaunchOrder =
  | { kind: 'ordered' | 'unordered'; pod: Pod }
  | { kind: 'refused'; causes: StatusCause[] };

const PREFIX = 58;
const SUFFIX = 5;

/** The ConfigMap carries the Pod's name, so the Pod needs one now. */
const named = (pod: Pod, random: () => number): Pod => {
  const { name, generateName } = pod.metadata;
  if (name || !generateName) return pod;
  const generated = generateName.slice(0, PREFIX) + safeRandom(SUFFIX, random);
  return { ...pod, metadata: { ...pod.metadata, name: generated } };
};

/**
 * What a first call has written stays. A Pod that comes with a name may have had a namesake, whose ConfigMap with its
 * open levels may still be there: it gets one of its own. Where the name is made up, OpenKruise's.
 */
const configMapFor = (given: Pod, owner: Pod, random: () => number): string => {
  const [written] = barriers(owner);
  if (written) return written.configMap;
  const { name } = given.metadata;
  return barrierName(owner.metadata.name, name ? safeRandom(SUFFIX, random) : undefined);
};

/** What a manifest that was copied from a Pod tells of that Pod's start. */
const TRACES = [
  ANNOTATION_LAUNCH_COMPLETED,
  ANNOTATION_LAUNCH_FAILED,
  ANNOTATION_LAUNCH_OPENED,
  ANNOTATION_LAUNCH_OPENED_AT,
];

const withoutTraces = (pod: Pod): Pod => {
  const annotations = Object.entries(pod.metadata.annotations ?? {});
  const own = annotations.filter(([key]) => !TRACES.includes(key));
  if (own.length === annotations.length) return pod;
  return { ...pod, metadata: { ...pod.metadata, annotations: Object.fromEntries(own) } };
};

const withBarrier = (container: Container, configMap: string, level: number): Container => {
  const key = barrierKey(level);
  const isOurs = ({ name, valueFrom }: EnvVar): boolean =>
    name === ENV_BARRIER &&
    valueFrom?.configMapKeyRef?.name === configMap &&
    valueFrom.configMapKeyRef.key === key;
  if (container.env?.some(isOurs)) return container;
  const barrier = { name: ENV_BARRIER, valueFrom: { configMapKeyRef: { name: configMap, key } } };
  return { ...container, env: [...(container.env ?? []), barrier] };
};

/**
 * The Pod with a barrier in every container, if their priorities differ; a Pod of one container has no order.
 * Init containers start before anyway. A priority that is no whole number (or comes from elsewhere) is refused.
 *
 * @param random yields a number in [0, 1); for the name of a Pod that has only `generateName`, or
 *   the barrier of one that comes with a name
 */
export const withLaunchOrder = (pod: Pod, random: () => number): LaunchOrder => {
  const { containers } = pod.spec;
  if (containers.length <= 1) return { kind: 'unordered', pod };
  const causes = unreadablePriorities(pod);
  if (causes.length > 0) return { kind: 'refused', causes };
  const levels = startPriorities(pod);
  if (new Set(levels).size === 1) return { kind: 'unordered', pod };
  const owner = withoutTraces(named(pod, random));
  const configMap = configMapFor(pod, owner, random);
  const ordered = containers.map((container, index) => withBarrier(container, configMap, levels[index] ?? 0));
  return { kind: 'ordered', pod: { ...owner, spec: { ...owner.spec, containers: ordered } } };
};
