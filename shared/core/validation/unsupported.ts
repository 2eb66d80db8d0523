import type { StatusCause } from '../../model/kubernetes.ts';
import { ANNOTATION_BASE, ANNOTATION_CANARY } from '../../model/names.ts';
import type { SidecarContainer, SidecarSet, SidecarSetSpec } from '../../model/sidecarset.ts';
import { isNativeSidecar } from '../revision/hash.ts';
import { notYet } from './cause.ts';

type Feature<T> = [field: string, isUsed: (value: T) => boolean];

const isSet = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== undefined);

const ANNOTATIONS: Feature<Record<string, string>>[] = [ANNOTATION_CANARY, ANNOTATION_BASE].map((key) => [
  `metadata.annotations[${key}]`,
  (annotations) => isSet(annotations[key]),
]);

const INJECTION: Feature<SidecarSetSpec>[] = [
  ['spec.injectionStrategy.revision', ({ injectionStrategy }) => isSet(injectionStrategy?.revision)],
  ['spec.patchPodMetadata', ({ patchPodMetadata }) => isSet(patchPodMetadata)],
];

const ROLLOUT: Feature<SidecarSetSpec>[] = (['selector', 'priorityStrategy', 'scatterStrategy'] as const).map(
  (field) => [
    `spec.updateStrategy.${field}`,
    ({ updateStrategy }: SidecarSetSpec) => isSet(updateStrategy?.[field]),
  ],
);

const CONTAINER: Feature<SidecarContainer>[] = [
  ['upgradeStrategy.upgradeType', ({ upgradeStrategy }) => upgradeStrategy?.upgradeType === 'HotUpgrade'],
  [
    'shareVolumeDevicePolicy',
    ({ shareVolumeDevicePolicy }) => (shareVolumeDevicePolicy?.type ?? 'disabled') !== 'disabled',
  ],
  ['transferEnv', ({ transferEnv }) => isSet(transferEnv)],
  ['resourcesPolicy', ({ resourcesPolicy }) => isSet(resourcesPolicy)],
];

const INIT_CONTAINER: Feature<SidecarContainer>[] = [...CONTAINER, ['restartPolicy', isNativeSidecar]];

const used = <T>(value: T, features: Feature<T>[], prefix = ''): StatusCause[] =>
  features.filter(([, isUsed]) => isUsed(value)).map(([field]) => notYet(`${prefix}${field}`));

/** What an injection of this release would not honour, each feature by its field: refused, never ignored. */
export const unsupportedInjection = ({ metadata, spec }: SidecarSet): StatusCause[] => [
  ...used(metadata.annotations ?? {}, ANNOTATIONS),
  ...used(spec, INJECTION),
  ...(spec.initContainers ?? []).flatMap((container, index) =>
    used(container, INIT_CONTAINER, `spec.initContainers[${index}].`),
  ),
  ...(spec.containers ?? []).flatMap((container, index) =>
    used(container, CONTAINER, `spec.containers[${index}].`),
  ),
];

/** As {@link unsupportedInjection}, with what a rollout would not honour. */
export const unsupported = (set: SidecarSet): StatusCause[] => [
  ...used(set.spec, ROLLOUT),
  ...unsupportedInjection(set),
];
