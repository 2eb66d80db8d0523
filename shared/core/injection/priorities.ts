/** Start priorities: a container starts once all with a higher one are ready; those with the same start together. */
import type { Container, EnvVar, Pod, StatusCause } from '../../model/kubernetes.ts';
import { ANNOTATION_LAUNCH_PRIORITY, ENV_PRIORITY } from '../../model/names.ts';
import { invalid } from '../validation/cause.ts';

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

/** By its variable: 0 without a readable one; of duplicates the last counts. */
export const ownPriority = (container: Container): number => {
  const variable = container.env?.findLast(isPriority);
  return (variable && priorityOf(variable)) ?? 0;
};

const isOrdered = ({ metadata }: Pod): boolean =>
  metadata.annotations?.[ANNOTATION_LAUNCH_PRIORITY] === 'Ordered';

/** Every priority that is no whole number, or comes from elsewhere; none under `Ordered`, where nobody asks for them. */
export const unreadablePriorities = (pod: Pod): StatusCause[] =>
  isOrdered(pod) ? [] : pod.spec.containers.flatMap(unreadable);

/** In the order of `spec.containers`: by position under `Ordered`, else each container's own variable. */
export const startPriorities = (pod: Pod): number[] =>
  isOrdered(pod) ? pod.spec.containers.map((_, index) => 0 - index) : pod.spec.containers.map(ownPriority);
