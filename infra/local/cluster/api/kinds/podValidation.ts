/** The part of `ValidatePodSpec` that a user is likely to trip over; everything else passes. */
import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { duplicate, forbiddenField, missing, required, unsupportedValue } from '../errors.ts';
import { type JsonObject, objectsAt, own, textAt } from '../json.ts';
import { labelCauses } from './names.ts';
import { resizePolicyCauses, resourceCauses } from './resources.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];

interface Placed {
  container: JsonObject;
  field: string;
}

const placed = (spec: JsonObject, path: string): Placed[] =>
  ['containers', 'initContainers'].flatMap((list) =>
    objectsAt(spec, list).map((container, index) => ({ container, field: `${path}.${list}[${index}]` })),
  );

const nameCauses = (containers: Placed[]): StatusCause[] => {
  const seen = new Set<string>();
  return containers.flatMap(({ container, field }) => {
    const name = textAt(container, 'name') ?? '';
    if (seen.has(name)) return [duplicate(`${field}.name`, name)];
    if (name !== '') seen.add(name);
    return labelCauses(`${field}.name`, name);
  });
};

const imageCauses = ({ container, field }: Placed): StatusCause[] =>
  textAt(container, 'image')?.trim() ? [] : [required(`${field}.image`)];

const FOR_SIDECARS = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'];

/** Only a native sidecar lives long enough to be probed. */
const initCauses = (spec: JsonObject, path: string): StatusCause[] =>
  objectsAt(spec, 'initContainers').flatMap((container, index) =>
    textAt(container, 'restartPolicy') === 'Always'
      ? []
      : FOR_SIDECARS.filter((key) => own(container, key) !== undefined).map((key) =>
          forbiddenField(
            `${path}.initContainers[${index}].${key}`,
            'may not be set for init containers without restartPolicy=Always',
          ),
        ),
  );

const mountCauses = ({ container, field }: Placed, volumes: ReadonlySet<string>): StatusCause[] =>
  objectsAt(container, 'volumeMounts').flatMap((mount, index) => {
    const at = `${field}.volumeMounts[${index}]`;
    const name = textAt(mount, 'name') ?? '';
    return [
      ...(name === '' ? [required(`${at}.name`)] : []),
      ...(name !== '' && !volumes.has(name) ? [missing(`${at}.name`, name)] : []),
      ...(textAt(mount, 'mountPath') ? [] : [required(`${at}.mountPath`)]),
    ];
  });

const volumeCauses = (spec: JsonObject, path: string): StatusCause[] => {
  const seen = new Set<string>();
  return objectsAt(spec, 'volumes').flatMap((volume, index) => {
    const field = `${path}.volumes[${index}].name`;
    const name = textAt(volume, 'name') ?? '';
    if (seen.has(name)) return [duplicate(field, name)];
    seen.add(name);
    return labelCauses(field, name);
  });
};

/** `allowed` is narrower for a Job's template. */
export const podSpecCauses = (
  spec: JsonObject,
  path: string,
  allowed: string[] = RESTART_POLICIES,
): StatusCause[] => {
  const containers = placed(spec, path);
  const volumes = new Set(objectsAt(spec, 'volumes').map((volume) => textAt(volume, 'name') ?? ''));
  const policy = own(spec, 'restartPolicy');
  return [
    ...volumeCauses(spec, path),
    ...(objectsAt(spec, 'containers').length === 0 ? [required(`${path}.containers`)] : []),
    ...nameCauses(containers),
    ...containers.flatMap(imageCauses),
    ...initCauses(spec, path),
    ...containers.flatMap((container) => mountCauses(container, volumes)),
    ...containers.flatMap(({ container, field }) => [
      ...resourceCauses(container, field),
      ...resizePolicyCauses(container, field, policy === 'Never'),
    ]),
    ...(allowed.includes(String(policy)) ? [] : [unsupportedValue(`${path}.restartPolicy`, policy, allowed)]),
  ];
};
