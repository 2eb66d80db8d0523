import type { StatusCause } from '../../model/kubernetes.ts';
import type { SidecarContainer, SidecarSet, SidecarSetSpec } from '../../model/sidecarset.ts';
import { isNativeSidecar } from '../revision/hash.ts';
import { notYet } from './cause.ts';

type Feature<T> = [field: string, isUsed: (value: T) => boolean];

const isSet = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : value !== undefined);

const ROLLOUT: Feature<SidecarSetSpec>[] = [
  ...(['selector', 'priorityStrategy', 'scatterStrategy'] as const).map(
    (field): Feature<SidecarSetSpec> => [
      `spec.updateStrategy.${field}`,
      ({ updateStrategy }) => isSet(updateStrategy?.[field]),
    ],
  ),
  // An upgraded Pod would have to get the annotations, too.
  ['spec.patchPodMetadata', ({ patchPodMetadata }) => isSet(patchPodMetadata)],
];

const ROLLOUT_CONTAINER: Feature<SidecarContainer>[] = [
  ['upgradeStrategy.upgradeType', ({ upgradeStrategy }) => upgradeStrategy?.upgradeType === 'HotUpgrade'],
];

const ROLLOUT_INIT_CONTAINER: Feature<SidecarContainer>[] = [['restartPolicy', isNativeSidecar]];

const used = <T>(value: T, features: Feature<T>[], prefix = ''): StatusCause[] =>
  features.filter(([, isUsed]) => isUsed(value)).map(([field]) => notYet(`${prefix}${field}`));

const usedIn = (
  spec: SidecarSetSpec,
  list: 'containers' | 'initContainers',
  features: Feature<SidecarContainer>[],
): StatusCause[] =>
  (spec[list] ?? []).flatMap((container, index) => used(container, features, `spec.${list}[${index}].`));

/** What a rollout of this release would not honour: it leaves the Pods of such a set alone. */
export const unsupportedRollout = ({ spec }: SidecarSet): StatusCause[] => [
  ...used(spec, ROLLOUT),
  ...usedIn(spec, 'initContainers', ROLLOUT_INIT_CONTAINER),
  ...usedIn(spec, 'containers', ROLLOUT_CONTAINER),
];
