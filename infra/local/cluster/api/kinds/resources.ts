/** What a container asks for, and how it may be resized (`ValidateContainerResourceRequirements`). */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { duplicate, invalidValue, required, unsupportedValue } from '../errors.ts';
import { at, isObject, type JsonObject, objectsAt, own, textAt } from '../json.ts';
import { compareQuantities } from '../quantity.ts';

type Amounts = 'limits' | 'requests';

/** By name of the resource. */
export const amountsOf = (container: JsonObject, list: Amounts): JsonObject => {
  const found = at(container, 'resources', list);
  return isObject(found) ? found : {};
};

const negativeCauses = (container: JsonObject, field: string, list: Amounts): StatusCause[] =>
  Object.entries(amountsOf(container, list))
    .filter(([, amount]) => compareQuantities(amount, 0) < 0)
    .map(([name, amount]) =>
      invalidValue(`${field}.${list}[${name}]`, String(amount), 'must be greater than or equal to 0'),
    );

const excessCauses = (container: JsonObject, field: string): StatusCause[] => {
  const limits = amountsOf(container, 'limits');
  return Object.entries(amountsOf(container, 'requests')).flatMap(([name, amount]) => {
    const limit = own(limits, name);
    if (limit === undefined || compareQuantities(amount, limit) <= 0) return [];
    const why = `must be less than or equal to ${name} limit of ${limit}`;
    return [invalidValue(`${field}.requests`, String(amount), why)];
  });
};

export const resourceCauses = (container: JsonObject, path: string): StatusCause[] => {
  const field = `${path}.resources`;
  return [
    ...negativeCauses(container, field, 'limits'),
    ...negativeCauses(container, field, 'requests'),
    ...excessCauses(container, field),
  ];
};

const NOT_REQUIRED = 'NotRequired';
const RESIZABLE = ['cpu', 'memory'];
const RESTARTS = [NOT_REQUIRED, 'RestartContainer'];

const choiceCauses = (field: string, value: string, known: string[]): StatusCause[] => {
  if (value === '') return [required(field)];
  return known.includes(value) ? [] : [unsupportedValue(field, value, known)];
};

/** A container that is never restarted can't be restarted for a resize. */
export const resizePolicyCauses = (container: JsonObject, path: string, never: boolean): StatusCause[] => {
  const field = `${path}.resizePolicy`;
  const seen = new Set<string>();
  return objectsAt(container, 'resizePolicy').flatMap((policy, index) => {
    const name = textAt(policy, 'resourceName') ?? '';
    const restart = textAt(policy, 'restartPolicy') ?? '';
    const isSecond = seen.has(name);
    seen.add(name);
    const why = `must be '${NOT_REQUIRED}' when \`restartPolicy\` is 'Never'`;
    return [
      ...(isSecond ? [duplicate(`${field}[${index}]`, name)] : []),
      ...choiceCauses(field, name, RESIZABLE),
      ...choiceCauses(field, restart, RESTARTS),
      ...(never && restart !== NOT_REQUIRED ? [invalidValue(field, restart, why)] : []),
    ];
  });
};
