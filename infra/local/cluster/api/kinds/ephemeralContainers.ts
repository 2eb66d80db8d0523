/** `pods/ephemeralcontainers`: containers that are added to a Pod as it runs, and never taken away again. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { duplicate, forbiddenField, missing, required } from '../errors.ts';
import { child, copy, equal, isObject, type JsonObject, objectsAt, own, textAt } from '../json.ts';
import type { ApiObject } from '../objects.ts';
import { labelCauses } from './names.ts';

const FIELD = 'spec.ephemeralContainers';
const NOT_FOR_THEM = ['lifecycle', 'livenessProbe', 'ports', 'readinessProbe', 'resources', 'startupProbe'];

/** The current Pod with the ephemeral containers of the proposed one: nothing else of it counts. */
export const withEphemeralContainers = (current: ApiObject, proposed: ApiObject): ApiObject => {
  const pod = copy(current);
  const containers = objectsAt(proposed, 'spec', 'ephemeralContainers').map(copy);
  for (const container of containers) delete container['restartPolicy'];
  const spec = child(pod, 'spec');
  if (containers.length > 0) spec['ephemeralContainers'] = containers;
  else delete spec['ephemeralContainers'];
  return pod;
};

const isSet = (value: unknown): boolean =>
  value !== undefined && Object.keys(isObject(value) || Array.isArray(value) ? value : {}).length > 0;

const containerCauses = (container: JsonObject, field: string, others: string[], mains: string[]) => {
  const name = textAt(container, 'name') ?? '';
  const target = textAt(container, 'targetContainerName') ?? '';
  return [
    ...(others.includes(name) ? [duplicate(`${field}.name`, name)] : labelCauses(`${field}.name`, name)),
    ...(textAt(container, 'image')?.trim() ? [] : [required(`${field}.image`)]),
    ...(target === '' || mains.includes(target) ? [] : [missing(`${field}.targetContainerName`, target)]),
    ...NOT_FOR_THEM.filter((key) => isSet(own(container, key))).map((key) =>
      forbiddenField(`${field}.${key}`, 'cannot be set for an Ephemeral Container'),
    ),
  ];
};

const namesAt = (pod: ApiObject, list: string): string[] =>
  objectsAt(pod, 'spec', list).map((container) => textAt(container, 'name') ?? '');

const changeCauses = (pod: ApiObject, before: ApiObject): StatusCause[] =>
  objectsAt(before, 'spec', 'ephemeralContainers').flatMap((old) => {
    const name = textAt(old, 'name') ?? '';
    const kept = objectsAt(pod, 'spec', 'ephemeralContainers').find(
      (container) => container['name'] === name,
    );
    const why = (change: string) => `existing ephemeral containers "${name}" may not be ${change}\n`;
    if (!kept) return [forbiddenField(FIELD, why('removed'))];
    return equal(kept, old) ? [] : [forbiddenField(FIELD, why('changed'))];
  });

/** The rules of an update of pods/ephemeralcontainers (`ValidatePodEphemeralContainersUpdate`). */
export const ephemeralContainerCauses = (pod: ApiObject, before: ApiObject): StatusCause[] => {
  const mains = [...namesAt(pod, 'containers'), ...namesAt(pod, 'initContainers')];
  const names = namesAt(pod, 'ephemeralContainers');
  return [
    ...objectsAt(pod, 'spec', 'ephemeralContainers').flatMap((container, index) =>
      containerCauses(container, `${FIELD}[${index}]`, [...mains, ...names.slice(0, index)], mains),
    ),
    ...changeCauses(pod, before),
  ];
};

/** A Pod is born without them. */
export const bornWithoutCauses = (pod: ApiObject): StatusCause[] =>
  objectsAt(pod, 'spec', 'ephemeralContainers').length > 0
    ? [forbiddenField(FIELD, 'cannot be set on create')]
    : [];
