/** What an update may do to the fields of a pod that it may change (`ValidatePodUpdate`). */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { forbiddenField, invalidValue } from '../errors.ts';
import { equal, type JsonObject, objectsAt, own, textAt } from '../json.ts';

export const imageCauses = (spec: JsonObject): StatusCause[] =>
  ['containers', 'initContainers'].flatMap((list) =>
    objectsAt(spec, list).flatMap((container, index) => {
      const image = textAt(container, 'image') ?? '';
      const why = 'must not have leading or trailing whitespace';
      return image === image.trim() ? [] : [invalidValue(`spec.${list}[${index}].image`, image, why)];
    }),
  );

const DEADLINE = 'activeDeadlineSeconds';
const LONGEST_SECONDS = 2 ** 31 - 1;

const deadlineOf = (spec: JsonObject): number | undefined => {
  const value = own(spec, DEADLINE);
  return typeof value === 'number' ? value : undefined;
};

const outOfRange = (deadline: number): boolean => deadline < 1 || deadline > LONGEST_SECONDS;

export const deadlineValueCauses = (spec: JsonObject): StatusCause[] => {
  const deadline = deadlineOf(spec);
  if (deadline === undefined || !outOfRange(deadline)) return [];
  return [invalidValue(`spec.${DEADLINE}`, deadline, `must be between 1 and ${LONGEST_SECONDS}, inclusive`)];
};

/** It may be set and lowered. */
export const deadlineCauses = (spec: JsonObject, old: JsonObject): StatusCause[] => {
  const [next, before] = [deadlineOf(spec), deadlineOf(old)];
  if (before === undefined || (next !== undefined && (outOfRange(next) || next <= before))) return [];
  const why =
    next === undefined
      ? 'must not update from a positive integer to nil value'
      : 'must be less than or equal to previous value';
  return [invalidValue(`spec.${DEADLINE}`, next ?? null, why)];
};

const withoutSeconds = (toleration: JsonObject): JsonObject => {
  const { tolerationSeconds: _, ...rest } = toleration;
  return rest;
};

/** They may be added, and be given other seconds. */
export const tolerationCauses = (spec: JsonObject, old: JsonObject): StatusCause[] => {
  const now = objectsAt(spec, 'tolerations').map(withoutSeconds);
  const kept = objectsAt(old, 'tolerations')
    .map(withoutSeconds)
    .every((toleration) => now.some((other) => equal(other, toleration)));
  if (kept) return [];
  const why = 'existing toleration can not be modified except its tolerationSeconds';
  return [forbiddenField('spec.tolerations', why)];
};
