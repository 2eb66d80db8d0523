import type { StatusCause } from '../../model/kubernetes.ts';
import type { SidecarContainer, SidecarSet } from '../../model/sidecarset.ts';
import { validateBaseUnchanged } from './canary.ts';
import { forbidden, invalid } from './cause.ts';

const upgradeType = ({ upgradeStrategy }: SidecarContainer): string =>
  upgradeStrategy?.upgradeType || 'ColdUpgrade';

const changed = (container: SidecarContainer, before: SidecarContainer[], field: string): StatusCause[] => {
  const old = before.find(({ name }) => name === container.name);
  if (old === undefined)
    return [
      forbidden(`${field}.name`, 'a container can not be added or renamed: Pods that run can not get it'),
    ];
  if (upgradeType(old) === upgradeType(container)) return [];
  return [invalid(`${field}.upgradeStrategy.upgradeType`, 'can not be changed')];
};

/** What an update may not do: add or rename containers, change how they are upgraded, change the base of a canary. */
export const validateUpdate = (set: SidecarSet, before: SidecarSet): StatusCause[] => [
  ...validateBaseUnchanged(set, before),
  ...(set.spec.containers ?? []).flatMap((container, index) =>
    changed(container, before.spec.containers ?? [], `spec.containers[${index}]`),
  ),
];
