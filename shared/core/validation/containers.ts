import type { StatusCause } from '../../model/kubernetes.ts';
import type { SidecarContainer, SidecarSetSpec } from '../../model/sidecarset.ts';
import { isNativeSidecar } from '../revision/hash.ts';
import { forbidden, invalid, notFound, notOneOf, required } from './cause.ts';
import { validateEnvironment } from './environment.ts';
import { validateHotUpgrade } from './hotUpgrade.ts';
import { dnsLabel } from './names.ts';
import { validatePorts } from './ports.ts';
import { validateProbes } from './probes.ts';
import { repeated } from './repeated.ts';
import { validateResources } from './resourceAmounts.ts';
import { validateTransferEnv } from './transferEnv.ts';

const POSITIONS = ['BeforeAppContainer', 'AfterAppContainer'] as const;
const SHARING = ['enabled', 'disabled'] as const;
const UPGRADES = ['ColdUpgrade', 'HotUpgrade'] as const;

/** An empty or absent value is defaulted before, so it is no mistake. */
const choice = (value: string | undefined, allowed: readonly string[], field: string): StatusCause[] =>
  !value || allowed.includes(value) ? [] : [notOneOf(field, value, allowed)];

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'] as const;
const MESSAGE_POLICIES = ['File', 'FallbackToLogsOnError'] as const;

const policies = (container: SidecarContainer, field: string): StatusCause[] => [
  ...choice(container.podInjectPolicy, POSITIONS, `${field}.podInjectPolicy`),
  ...choice(container.shareVolumePolicy?.type, SHARING, `${field}.shareVolumePolicy.type`),
  ...choice(container.shareVolumeDevicePolicy?.type, SHARING, `${field}.shareVolumeDevicePolicy.type`),
  ...choice(container.upgradeStrategy?.upgradeType, UPGRADES, `${field}.upgradeStrategy.upgradeType`),
  ...choice(container.imagePullPolicy, PULL_POLICIES, `${field}.imagePullPolicy`),
  ...choice(container.terminationMessagePolicy, MESSAGE_POLICIES, `${field}.terminationMessagePolicy`),
];

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

const PROPAGATIONS = ['None', 'HostToContainer', 'Bidirectional'] as const;

const isOutside = (path: string | undefined): boolean =>
  path !== undefined && (path.startsWith('/') || path.split('/').includes('..'));

const subPaths = ({ volumeMounts = [] }: SidecarContainer, field: string): StatusCause[] =>
  volumeMounts.flatMap(({ subPath, subPathExpr, mountPropagation }, index) => {
    const at = `${field}.volumeMounts[${index}]`;
    return [
      ...(isOutside(subPath) ? [invalid(`${at}.subPath`, 'must be a relative path without ..')] : []),
      ...(isOutside(subPathExpr) ? [invalid(`${at}.subPathExpr`, 'must be a relative path without ..')] : []),
      ...(subPath && subPathExpr
        ? [invalid(`${at}.subPathExpr`, 'subPathExpr and subPath are mutually exclusive')]
        : []),
      ...choice(mountPropagation, PROPAGATIONS, `${at}.mountPropagation`),
    ];
  });

const validateContainer = (
  container: SidecarContainer,
  volumes: Set<string>,
  field: string,
): StatusCause[] => [
  ...dnsLabel(container.name, `${field}.name`),
  ...(container.image?.trim() ? [] : [required(`${field}.image`)]),
  ...policies(container, field),
  ...validatePorts(container, field),
  ...validateEnvironment(container, field),
  ...validateResources(container, field),
  ...validateTransferEnv(container, field),
  ...validateHotUpgrade(container, field),
  ...storage(container, volumes, field),
  ...subPaths(container, field),
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
    ...initContainers.flatMap(({ container, field }) => [
      ...(container.restartPolicy && !isNativeSidecar(container)
        ? [notOneOf(`${field}.restartPolicy`, container.restartPolicy, ['Always'])]
        : []),
      ...validateProbes(container, field, !isNativeSidecar(container)),
    ]),
    ...containers.flatMap(({ container, field }) => [
      ...(container.restartPolicy
        ? [forbidden(`${field}.restartPolicy`, 'only an init container may have one')]
        : []),
      ...validateProbes(container, field, false),
    ]),
    ...validateVolumes(spec),
  ];
};
