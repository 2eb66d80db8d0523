import { ANNOTATION_HASH, ANNOTATION_HASH_WITHOUT_IMAGE } from '../../model/names.ts';
import type { SidecarContainer, SidecarSet, SidecarSetSpec, UpdateStrategy } from '../../model/sidecarset.ts';
import { type Digest, sidecarSetHashes } from '../revision/hash.ts';
import { sidecarDefaults } from './containerDefaults.ts';
import { volumeDefaults } from './volumeDefaults.ts';

const HISTORY = 10;

const updateStrategy = (given: UpdateStrategy | undefined): UpdateStrategy => ({
  ...given,
  type: given?.type || 'RollingUpdate',
  partition: given?.partition ?? 0,
  maxUnavailable: given?.maxUnavailable ?? 1,
});

const containers = (
  given: SidecarContainer[],
  position: NonNullable<SidecarContainer['podInjectPolicy']>,
): SidecarContainer[] => given.map((container) => sidecarDefaults(container, position));

type InjectionStrategy = NonNullable<SidecarSetSpec['injectionStrategy']>;

const injectionStrategy = (given: InjectionStrategy): InjectionStrategy => ({
  ...given,
  revision: { ...given.revision, policy: given.revision?.policy || 'Always' },
});

const specDefaults = (spec: SidecarSetSpec): SidecarSetSpec => ({
  ...spec,
  updateStrategy: updateStrategy(spec.updateStrategy),
  revisionHistoryLimit: spec.revisionHistoryLimit ?? HISTORY,
  ...(spec.containers && { containers: containers(spec.containers, 'BeforeAppContainer') }),
  ...(spec.initContainers && { initContainers: containers(spec.initContainers, 'AfterAppContainer') }),
  ...(spec.injectionStrategy?.revision && { injectionStrategy: injectionStrategy(spec.injectionStrategy) }),
  ...(spec.patchPodMetadata && {
    patchPodMetadata: spec.patchPodMetadata.map((patch) => ({
      ...patch,
      patchPolicy: patch.patchPolicy || 'Retain',
    })),
  }),
  ...(spec.volumes && { volumes: spec.volumes.map(volumeDefaults) }),
});

/**
 * The SidecarSet with OpenKruise's defaults and both hash annotations, whatever they were before. Doing it again
 * changes nothing. Fields that the types here do not name are kept.
 */
export const withDefaults = (set: SidecarSet, digest: Digest): SidecarSet => {
  const spec = specDefaults(set.spec);
  const { hash, withoutImage } = sidecarSetHashes(spec, digest);
  const annotations = {
    ...set.metadata.annotations,
    [ANNOTATION_HASH]: hash,
    [ANNOTATION_HASH_WITHOUT_IMAGE]: withoutImage,
  };
  return { ...set, metadata: { ...set.metadata, annotations }, spec };
};
