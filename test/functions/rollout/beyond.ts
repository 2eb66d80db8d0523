/** SidecarSets that differ from their Pods in more than images. */
import type { Pod } from '../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_BEYOND_IMAGE,
  ANNOTATION_HASH,
  ANNOTATION_HASH_WITHOUT_IMAGE,
} from '../../../shared/model/names.ts';
import { PODS } from '../../../shared/model/resources.ts';
import type { SidecarSet, SidecarSetSpec, UpdateStrategy } from '../../../shared/model/sidecarset.ts';
import { makeSet, SET } from '../../support/fleet.ts';
import { webPods } from './webPods.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

export interface Beyond {
  /** Value of the annotation. */
  ways: string;
  image?: string;
  /** Absent: the environment differs, which no resize brings. */
  cpu?: string;
  strategy?: UpdateStrategy;
  spec?: SidecarSetSpec;
}

/** `agent` with other resources or another environment. */
export const makeBeyond = ({ ways, image = 'agent:v1', cpu, strategy, spec }: Beyond): SidecarSet => {
  const differs = cpu ? { resources: { limits: { cpu } } } : { env: [{ name: 'A', value: 'b' }] };
  const shape = cpu ? `shape-cpu-${cpu}` : 'shape-env';
  const set = makeSet('v1', strategy, { containers: [{ name: 'agent', image, ...differs }], ...spec });
  return {
    ...set,
    metadata: {
      ...set.metadata,
      annotations: {
        [ANNOTATION_HASH]: `hash-${image}-${shape}`,
        [ANNOTATION_HASH_WITHOUT_IMAGE]: shape,
        [ANNOTATION_BEYOND_IMAGE]: ways,
      },
    },
  };
};

/** A complete rollout of `agent:v1` whose Pods name their revision, as the injection has it. */
export const createCompleteWorld = async (
  count: number,
  strategy: UpdateStrategy,
  options?: WorldOptions,
): Promise<World> => {
  const world = createWorld(makeSet('v1', strategy), webPods(count, 'v1'), options);
  await world.run();
  const controllerRevision = world.status().latestRevision;
  for (const pod of world.alive()) world.cluster.put<Pod>(PODS, withRevision(pod, controllerRevision));
  await world.run();
  world.queue.length = 0;
  return world;
};

const withRevision = (pod: Pod, controllerRevision: string | undefined): Pod => {
  const hashes = JSON.parse(pod.metadata.annotations?.[ANNOTATION_HASH] ?? '');
  const text = JSON.stringify({ ...hashes, [SET]: { ...hashes[SET], controllerRevision } });
  const annotations = { ...pod.metadata.annotations, [ANNOTATION_HASH]: text };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
};
