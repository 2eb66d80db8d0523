/** Others change the world in the middle of a rollout. */
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { ANNOTATION_UPGRADE_JOBS } from '../../../shared/model/names.ts';
import { PODS } from '../../../shared/model/resources.ts';
import type { SidecarSet } from '../../../shared/model/sidecarset.ts';
import { makeSet } from '../../support/fleet.ts';
import { RESYNC } from './setting.ts';
import { injectedPod, webPod, webPods } from './webPods.ts';
import { CHANGED, createWorld, type World, type WorldOptions } from './world.ts';

const STRATEGY = { maxUnavailable: 2 };
const SEEDS = [1, 2, 3, 4, 5];

/** The first batch is taken, and the node has not done anything. */
const afterFirstBatch = async (count: number, options: WorldOptions = {}): Promise<World> => {
  const world = createWorld(makeSet('v2', STRATEGY), webPods(count, 'v1'), options);
  await world.deliver(CHANGED);
  expect(world.on('v2')).toHaveLength(2);
  return world;
};

const notReady = (pod: Pod): Pod => ({
  ...pod,
  status: { ...pod.status, conditions: [{ type: 'Ready', status: 'False' }] },
});

const ended = (pod: Pod): Pod => ({ ...pod, status: { ...pod.status, phase: 'Succeeded' } });

const jobsSet = (): SidecarSet => {
  const set = makeSet('v2', STRATEGY);
  const annotations = { ...set.metadata.annotations, [ANNOTATION_UPGRADE_JOBS]: 'true' };
  return { ...set, metadata: { ...set.metadata, annotations } };
};

describe.each(SEEDS)('a rollout (order %i) goes on to its end', (seed) => {
  it('when an autoscaler adds Pods in the middle: while they start they count as taken', async () => {
    const world = await afterFirstBatch(6, { seed });
    for (let index = 0; index < 4; index++) {
      world.cluster.put(PODS, injectedPod(world.set(), `new-${index}`));
    }
    await world.deliver(RESYNC);
    expect(world.status()).toMatchObject({ matchedPods: 10, updatedPods: 6 });
    await world.settle();
    expect(world.alive()).toHaveLength(10);
    await world.expectComplete();
  });

  it('when an autoscaler takes Pods away in the middle, also those that are on their way', async () => {
    const world = await afterFirstBatch(8, { seed, owner: 'ReplicaSet' });
    for (const index of [0, 3, 5, 7]) world.deletes(world.pod(index), { isReplaced: false });
    await world.settle();
    expect(world.alive()).toHaveLength(4);
    await world.expectComplete();
  });

  it('when a node is drained in the middle', async () => {
    const world = await afterFirstBatch(8, { seed, owner: 'ReplicaSet' });
    for (const index of [1, 4, 6]) world.deletes(world.pod(index));
    await world.settle();
    expect(world.alive()).toHaveLength(8);
    await world.expectComplete();
  });

  it("when a Deployment's own rollout replaces Pods by new ones in the middle", async () => {
    const world = await afterFirstBatch(6, { seed });
    for (const index of [5, 4, 3, 2, 1, 0]) {
      const next = injectedPod(world.set(), `next-${index}`);
      const containers = next.spec.containers.map((container) =>
        container.name === 'main' ? { ...container, image: 'main:2' } : container,
      );
      world.cluster.put(PODS, { ...next, spec: { ...next.spec, containers } });
      world.deletes(world.pod(index));
      await world.settle({ until: () => world.random.chance(0.2) });
    }
    await world.settle();
    expect(
      world
        .alive()
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual([0, 1, 2, 3, 4, 5].map((index) => `next-${index}`));
    await world.expectComplete();
  });

  it('when a StatefulSet makes Pods anew under the same names in the middle', async () => {
    const world = await afterFirstBatch(6, { seed, owner: 'StatefulSet' });
    for (const index of [0, 3]) world.deletes(world.pod(index));
    await world.settle();
    expect(world.alive()).toHaveLength(6);
    await world.expectComplete();
  });

  it('when Pods end in the middle, those on their way and those that wait', async () => {
    const pods = webPods(6, 'v1').map(
      (pod): Pod => ({ ...pod, spec: { ...pod.spec, restartPolicy: 'OnFailure' } }),
    );
    const world = createWorld(jobsSet(), pods, { seed });
    await world.deliver(CHANGED);
    for (const index of [0, 4]) world.cluster.put(PODS, ended(world.pod(index)));
    await world.settle();
    expect(world.alive()).toHaveLength(4);
    expect(world.pod(4).spec.containers).toContainEqual(expect.objectContaining({ image: 'agent:v1' }));
    await world.expectComplete();
  });
});

describe('the budget', () => {
  it('is not used up by Pods of the old revision that are out for other reasons; those go first and cost nothing', async () => {
    const pods = webPods(6, 'v1').map((pod, index) => (index > 3 ? notReady(pod) : pod));
    const world = createWorld(makeSet('v2', STRATEGY), pods);
    await world.run();
    expect(world.on('v2').sort()).toEqual(['web-0', 'web-1', 'web-4', 'web-5']);
    world.expectKept();
  });

  it('is not used up by Pods that others evict while they carry the old revision', async () => {
    const world = createWorld(makeSet('v2', STRATEGY), webPods(6, 'v1'), { owner: 'StatefulSet' });
    for (const index of [4, 5]) world.deletes(world.pod(index));
    await world.run();
    expect(world.on('v2').sort()).toEqual(['web-0', 'web-1']);
  });

  it('is used up by what comes in their place, until it is ready', async () => {
    const world = createWorld(makeSet('v2', STRATEGY), webPods(6, 'v1'));
    for (const index of [4, 5]) {
      world.cluster.drop(PODS, world.pod(index).metadata);
      world.cluster.put(PODS, injectedPod(world.set(), `new-${index}`));
    }
    expect(await world.run()).toMatchObject({ code: 'RolloutWaiting' });
    expect(world.on('v2').sort()).toEqual(['new-4', 'new-5']);
    world.nodeCatchesUp();
    expect(await world.run()).toMatchObject({ code: 'RolloutMoved' });
  });
});

describe('a Pod of the same name and another uid', () => {
  const replace = (world: World, index: number): void => {
    const { namespace, name } = world.pod(index).metadata;
    world.cluster.drop(PODS, { namespace, name });
    const pod = webPod(index, 'v1');
    world.cluster.put(PODS, { ...pod, metadata: { ...pod.metadata, uid: `other-${index}` } });
  };

  it('that appears between list and patch is not patched by what the list said', async () => {
    const world = createWorld(makeSet('v2', { maxUnavailable: 1 }), webPods(3, 'v1'));
    world.cluster.before('patch', 'pods', () => replace(world, 0));
    const [outcome] = await world.deliver(CHANGED);
    expect(outcome).toMatchObject({
      kind: 'later',
      code: 'RolloutUnfinished',
      detail: { raced: ['default/web-0'] },
    });
    expect(world.on('v2')).toEqual([]);
    await world.settle();
    expect(world.pod(0).metadata.uid).not.toBe('uid-0');
    await world.expectComplete();
  });

  it('that appears while its predecessor is on its way is upgraded in its turn', async () => {
    const world = createWorld(makeSet('v2', { maxUnavailable: 1 }), webPods(3, 'v1'));
    await world.deliver(CHANGED);
    replace(world, 0);
    await world.settle();
    await world.expectComplete();
  });

  it('is not told in the condition what was found about its predecessor', async () => {
    const world = createWorld(makeSet('v2', { maxUnavailable: 1 }), webPods(1, 'v1'));
    world.cluster.before('patch', 'pods/status', () => replace(world, 0));
    await world.run();
    expect(world.pod(0).status?.conditions?.map(({ type }) => type)).toEqual(['Ready']);
    await world.settle();
  });
});
