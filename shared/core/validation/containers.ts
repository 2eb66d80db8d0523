import type { StatusCause } from '../../model/kubernetes.ts';
import type { SidecarContainer, SidecarSetSpec } from '../../model/sidecarset.ts';
import { isNativeSidecar } from '../revision/hash.ts';
import { forbidden, notFound, notOneOf, required } from './cause.ts';
import { validateHotUpgrade } from './hotUpgrade.ts';
import { dnsLabel } from './names.ts';
import { repeated } from './repeated.ts';
import { validateTransferEnv } from './transferEnv.ts';

const POSITIONS = ['BeforeAppContainer', 'AfterAppContainer'] as const;
const SHARING = ['enabled', 'disabled'] as const;
const UPGRADES = ['ColdUpgrade', 'HotUpgrade'] as const;

/** An empty or absent value is defaulted before, so it is no mistake. */
const choice = (value: string | undefined, allowed: readonly string[], field: string): StatusCause[] =>
  !value || allowed.includes(value) ? [] : [notOneOf(field, value, allowed)];

const policies = (container: SidecarContainer, field: string): StatusCause[] => [
  ...choice(container.podInjectPolicy, POSITIONS, `${field}.podInjectPolicy`),
  ...choice(container.shareVolumePolicy?.type, SHARING, `${field}.shareVolumePolicy.type`),
  ...choice(container.shareVolumeDevicePolicy?.type, SHARING, `${field}.shareVolumeDevicePolicy.type`),
  ...choice(container.upgradeStrategy?.upgradeType, UPGRADES, `${field}.upgradeStrategy.upgradeType`),
];

const environment = ({ env = [] }: SidecarContainer, field: string): StatusCause[] =>
  env.flatMap(({ name }, index) => (name ? [] : [required(`${field}.env[${index}].name`)]));

const volumeUse = (
  uses: { name: string; path: string }[],
  volumes: Set<string>,
  { field, path }: { field: string; path: string },
): StatusCause[] => [
  ...uses.flatMap((use, index) => [
    ...(volumes.has(use.name)
      ? []
      : [notFound(`${field}[${index}].name`, `no volume ${JSON.stringify(use.name)} in spec.volumes`)]),
    ...(use.path ? [] : [required(`${field}[${index}].${path}`)]),
  ]),
  ...repeated(
    uses.map((use) => use.path),
    (index) => `${field}[${index}].${path}`,
  ),
];

const storage = (container: SidecarContainer, volumes: Set<string>, field: string): StatusCause[] => {
  const mounts = container.volumeMounts ?? [];
  const devices = container.volumeDevices ?? [];
  return [
    ...volumeUse(
      mounts.map(({ name, mountPath }) => ({ name, path: mountPath })),
      volumes,
      { field: `${field}.volumeMounts`, path: 'mountPath' },
    ),
    ...volumeUse(
      devices.map(({ name, devicePath }) => ({ name, path: devicePath })),
      volumes,
      { field: `${field}.volumeDevices`, path: 'devicePath' },
    ),
  ];
};

const validateContainer = (
  container: SidecarContainer,
  volumes: Set<string>,
  field: string,
): StatusCause[] => [
  ...dnsLabel(container.name, `${field}.name`),
  ...(container.image?.trim() ? [] : [required(`${field}.image`)]),
  ...policies(container, field),
  ...environment(container, field),
  ...validateTransferEnv(container, field),
  ...validateHotUpgrade(container, field),
  ...storage(container, volumes, field),
];

const validateVolumes = ({ volumes = [] }: SidecarSetSpec): StatusCause[] => {
  const names = volumes.map(({ name }) => name);
  return [
    ...names.flatMap((name, index) => dnsLabel(name, `spec.volumes[${index}].name`)),
    ...repeated(names, (index) => `spec.volumes[${index}].name`),
  ];
};

/**
 * At least one container; names that are unique over containers and init containers; images; volumes of the
 * SidecarSet itself behind every mount (a Pod's own volume can't be named, as in OpenKruise).
 */
export const validateContainers = (spec: SidecarSetSpec): StatusCause[] => {
  const containers = (spec.containers ?? []).map((container, index) => ({
    container,
    field: `spec.containers[${index}]`,
  }));
  const initContainers = (spec.initContainers ?? []).map((container, index) => ({
    container,
    field: `spec.initContainers[${index}]`,
  }));
  const all = [...initContainers, ...containers];
  if (all.length === 0) return [required('spec.containers', 'a SidecarSet brings at least one container')];
  const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
  return [
    ...all.flatMap(({ container, field }) => validateContainer(container, volumes, field)),
    ...repeated(
      all.map(({ container }) => container.name),
      (index) => `${all[index]?.field}.name`,
    ),
    ...containers
      .filter(({ container }) => isNativeSidecar(container))
      .map(({ field }) => forbidden(`${field}.restartPolicy`, 'only an init container may have one')),
    ...validateVolumes(spec),
  ];
};
