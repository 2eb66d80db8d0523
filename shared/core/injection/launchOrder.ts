/** The start order of a Pod's containers: a barrier variable that can't be resolved until the container's level opens. */
import type { Container, EnvVar, Pod, StatusCause } from '../../model/kubernetes.ts';
import { ANNOTATION_LAUNCH_PRIORITY, ENV_BARRIER, ENV_PRIORITY } from '../../model/names.ts';
import { barrierKey, barrierName } from '../resources/barrier.ts';
import { safeRandom } from '../revision/safeEncode.ts';
import { invalid } from '../validation/cause.ts';

export type LaunchOrder =
  | { kind: 'ordered' | 'unordered'; pod: Pod }
  | { kind: 'refused'; causes: StatusCause[] };

const PREFIX = 58;
const SUFFIX = 5;

const priorityOf = ({ value = '' }: EnvVar): number | undefined => {
  const priority = /^[+-]?\d+$/.test(value) ? Number(value) : Number.NaN;
  // No negative zero: it would be written as a level of its own.
  return Number.isSafeInteger(priority) ? priority + 0 : undefined;
};

const isPriority = ({ name }: EnvVar): boolean => name === ENV_PRIORITY;

const unreadable = (container: Container, at: number): StatusCause[] =>
  (container.env ?? []).flatMap((variable, index) =>
    isPriority(variable) && priorityOf(variable) === undefined
      ? [
          invalid(
            `spec.containers[${at}].env[${index}]`,
            `${ENV_PRIORITY} must be a whole number, given literally`,
          ),
        ]
      : [],
  );

/** Of duplicates the last counts. */
const priority = (container: Container): number => {
  const variable = container.env?.findLast(isPriority);
  return (variable && priorityOf(variable)) ?? 0;
};

/** By position in the list under `Ordered`, else by each container's own variable. */
const priorities = (pod: Pod): number[] =>
  isOrdered(pod)
    ? pod.spec.containers.map((_, index) => 0 - index)
    : pod.spec.containers.map((container) => priority(container));

const isOrdered = ({ metadata }: Pod): boolean =>
  metadata.annotations?.[ANNOTATION_LAUNCH_PRIORITY] === 'Ordered';

/** The ConfigMap carries the Pod's name, so the Pod needs one now. */
const named = (pod: Pod, random: () => number): Pod => {
  const { name, generateName } = pod.metadata;
  if (name || !generateName) return pod;
  const generated = generateName.slice(0, PREFIX) + safeRandom(SUFFIX, random);
  return { ...pod, metadata: { ...pod.metadata, name: generated } };
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
 * @param random yields a number in [0, 1); for the name of a Pod that has only `generateName`
 */
export const withLaunchOrder = (pod: Pod, random: () => number): LaunchOrder => {
  const { containers } = pod.spec;
  if (containers.length <= 1) return { kind: 'unordered', pod };
  const causes = isOrdered(pod) ? [] : containers.flatMap(unreadable);
  if (causes.length > 0) return { kind: 'refused', causes };
  const levels = priorities(pod);
  if (new Set(levels).size === 1) return { kind: 'unordered', pod };
  const owner = named(pod, random);
  const configMap = barrierName(owner.metadata.name);
  const ordered = containers.map((container, index) => withBarrier(container, configMap, levels[index] ?? 0));
  return { kind: 'ordered', pod: { ...owner, spec: { ...owner.spec, containers: ordered } } };
};
