/** Worlds at a moment when one run has much to do. */
import { expect } from 'vitest';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { ANNOTATION_HASH_WITHOUT_IMAGE, ANNOTATION_INJECTED_LIST } from '../../../shared/model/names.ts';
import { makeSet } from '../../support/fleet.ts';
import { createCompleteWorld, makeBeyond } from './beyond.ts';
import { webPod, webPods } from './webPods.ts';
import { changed, createWorld, type World, type WorldOptions } from './world.ts';

const STRATEGY = { maxUnavailable: 2 };

/** Injected by another SidecarSet only. */
export const stranger = (index: number): Pod => {
  const pod = webPod(index, 'v1');
  const annotations = { ...pod.metadata.annotations, [ANNOTATION_INJECTED_LIST]: 'other' };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
};

const STRANGERS = { strangers: [stranger(90)] };

/** Differs in more than images. */
export const stuckPod = (index: number): Pod => {
  const pod = webPod(index, 'v1');
  const annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION_HASH_WITHOUT_IMAGE]: JSON.stringify({ logs: { hash: 'other-shape' } }),
  };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
};

const firstBatch = async (options: WorldOptions): Promise<World> => {
  const world = createWorld(makeSet('v1', STRATEGY), webPods(5, 'v1'), { ...STRANGERS, ...options });
  await world.run();
  changed(world, makeSet('v2', STRATEGY));
  return world;
};

/** Two Pods are out for a revision that is old by now. */
const overtaken = async (options: WorldOptions): Promise<World> => {
  const world = await firstBatch(options);
  await world.run();
  world.nodeActs();
  world.nodeActs();
  changed(world, makeSet('v3', STRATEGY));
  return world;
};

const recreation = (owner: WorldOptions['owner']) => async (options: WorldOptions) => {
  const world = await createCompleteWorld(5, STRATEGY, { ...STRANGERS, owner, ...options });
  changed(world, makeBeyond({ ways: 'recreate', strategy: STRATEGY }));
  return world;
};

const resizing = async (options: WorldOptions): Promise<World> => {
  const world = await createCompleteWorld(5, STRATEGY, { ...STRANGERS, ...options });
  changed(world, makeBeyond({ ways: 'resize', image: 'agent:v2', cpu: '2', strategy: STRATEGY }));
  return world;
};

/** The run also says that a Pod is not upgradable, and cuts the history. */
const talkative = async (options: WorldOptions): Promise<World> => {
  const limit = { revisionHistoryLimit: 1 };
  const world = createWorld(makeSet('v1', STRATEGY, limit), [...webPods(2, 'v1'), stuckPod(2)], options);
  await world.run();
  changed(world, makeSet('v2', STRATEGY, limit));
  return world;
};

export interface Scenario {
  what: string;
  create: (options: WorldOptions) => Promise<World>;
  /** Pods that can't be upgraded. */
  stuck?: number;
}

export const SCENARIOS: Scenario[] = [
  { what: 'a batch of images', create: firstBatch },
  { what: 'a batch that another revision overtakes', create: overtaken },
  { what: 'a recreation of Pods of a ReplicaSet', create: recreation('ReplicaSet') },
  { what: 'a recreation of Pods of a StatefulSet', create: recreation('StatefulSet') },
  { what: 'a resize with a new image', create: resizing },
  { what: 'conditions, an Event and a cut history', create: talkative, stuck: 1 },
];

/** The rollout is over, whoever may have died on the way. */
export const expectOver = async (world: World, { stuck = 0 }: Scenario): Promise<void> => {
  world.expectKept();
  world.expectTruth();
  const { matchedPods, updatedPods, updatedReadyPods = 0 } = world.status();
  expect({ updatedPods, updatedReadyPods }).toEqual({
    updatedPods: matchedPods - stuck,
    updatedReadyPods: matchedPods - stuck,
  });
  await world.expectSilence();
};
