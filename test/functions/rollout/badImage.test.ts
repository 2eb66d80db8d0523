/** An image that can't be pulled stops a rollout; the fixed one goes to the broken Pods first. */
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import type { UpdateStrategy } from '../../../shared/model/sidecarset.ts';
import { makeSet } from '../../support/fleet.ts';
import { BAD } from './node.ts';
import { webPod } from './webPods.ts';
import { CHANGED, changed, createWorld, type World } from './world.ts';

const STRATEGY = { maxUnavailable: 2 };

/** Of four orders: those that are to go last are upgraded first by the bad image, as they are not ready. */
const labelled = (count: number): Pod[] =>
  Array.from({ length: count }, (_, index) => {
    const pod = webPod(index, 'v1');
    const labels = { ...pod.metadata.labels, rank: String(index) };
    return { ...pod, metadata: { ...pod.metadata, labels } };
  });

const condition = (world: World, wanted: string) =>
  world.status().conditions?.find(({ type }) => type === wanted);

const broken = async (seed: number, strategy: UpdateStrategy = STRATEGY): Promise<World> => {
  const world = createWorld(makeSet(BAD, strategy), labelled(6), { seed });
  world.send(CHANGED);
  await world.settle();
  return world;
};

const SEEDS = [1, 2, 3];

describe.each(SEEDS)('an image that can not be pulled (order %i)', (seed) => {
  it('takes no more Pods than the budget has, and the status says what the kubelet says', async () => {
    const world = await broken(seed);
    world.expectKept();
    expect(world.on(BAD)).toHaveLength(2);
    world.expectTruth();
    expect(condition(world, 'Degraded')).toMatchObject({ status: 'True', reason: 'ImagePullBackOff' });
    expect(condition(world, 'Degraded')?.message).toContain('Back-off pulling image "agent:bad"');
    expect(condition(world, 'Stalled')).toMatchObject({ status: 'True', reason: 'ImagePullBackOff' });
    expect(condition(world, 'Reconciling')).toBeUndefined();
    expect(world.status().waiting).toMatchObject([
      { reason: 'Failing', pods: 2 },
      { reason: 'MaxUnavailable', pods: 4 },
    ]);
    await world.expectSilence();
  });

  it.each<[string, UpdateStrategy]>([
    ['no order', {}],
    [
      'an order by weight that wants others first',
      {
        priorityStrategy: {
          weightPriority: [
            {
              weight: 50,
              matchSelector: { matchExpressions: [{ key: 'rank', operator: 'In', values: ['4', '5'] }] },
            },
          ],
        },
      },
    ],
    [
      'an order by label that wants others first',
      { priorityStrategy: { orderPriority: [{ orderedKey: 'rank' }] } },
    ],
    ['a scatter', { scatterStrategy: [{ key: 'rank', value: '*' }] }],
    ['a partition that leaves room for two', { partition: 4 }],
  ])('is followed by a fixed one that goes to the broken Pods first, with %s', async (_, more) => {
    const world = await broken(seed);
    const before = world.on(BAD);
    world.cluster.calls.length = 0;
    changed(world, makeSet('v3', { ...STRATEGY, ...more }));
    await world.settle({ until: () => world.on(BAD).length < 2 });
    const patches = world.cluster.calls.filter(
      ({ verb, resource }) => verb === 'patch' && resource === 'pods',
    );
    expect(
      patches
        .slice(0, 2)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(before.sort());
    await world.settle();
    world.expectKept();
    expect(condition(world, 'Degraded')).toMatchObject({ status: 'False' });
    if (more.partition) expect(world.on('v3').sort()).toEqual(before.sort());
    else await world.expectComplete();
  });

  it('is followed by a rollback that touches nobody else', async () => {
    const world = await broken(seed);
    world.cluster.calls.length = 0;
    changed(world, makeSet('v1', STRATEGY));
    await world.settle();
    const patches = world.cluster.calls.filter(
      ({ verb, resource }) => verb === 'patch' && resource === 'pods',
    );
    expect(patches).toHaveLength(2);
    await world.expectComplete();
  });

  it('followed by another bad one takes no further Pods', async () => {
    const world = await broken(seed);
    const before = world.on(BAD);
    const set = makeSet('v3', STRATEGY);
    changed(world, { ...set, spec: { ...set.spec, containers: [{ name: 'agent', image: `other:${BAD}` }] } });
    await world.settle();
    world.expectKept();
    const moved = world
      .alive()
      .filter(({ spec }) => spec.containers.some(({ image }) => image === `other:${BAD}`));
    expect(moved.map(({ metadata }) => metadata.name).sort()).toEqual(before.sort());
    expect(condition(world, 'Degraded')).toMatchObject({ status: 'True' });
    changed(world, makeSet('v4', STRATEGY));
    await world.settle();
    await world.expectComplete();
  });
});
