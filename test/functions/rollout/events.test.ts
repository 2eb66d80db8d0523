/** Events that come twice, in any order, days later, or never. */
import { describe, expect, it } from 'vitest';
import { makeSet } from '../../support/fleet.ts';
import { stranger } from './scenarios.ts';
import { RESYNC } from './setting.ts';
import { webPods } from './webPods.ts';
import { CHANGED, changed, createWorld, type World } from './world.ts';

const STRATEGY = { maxUnavailable: 2 };
const DAYS = 3 * 24 * 3600;

const podLists = ({ cluster }: World): number =>
  cluster.calls.filter(({ verb, resource }) => verb === 'list' && resource === 'pods').length;

const count = ({ outcomes }: World, wanted: string): number =>
  outcomes.filter(({ code }) => code === wanted).length;

describe('a rollout that every change of its 200 Pods calls twice, in any order', () => {
  it.each([
    '100%',
    '5%',
    1,
  ])('lists the Pods hardly more often than it moves some, with maxUnavailable %s', async (maxUnavailable) => {
    const world = createWorld(makeSet('v2', { maxUnavailable }), webPods(200, 'v1'));
    world.send(CHANGED);
    await world.settle({ most: 5_000 });
    expect(podLists(world)).toBeLessThanOrEqual(count(world, 'RolloutMoved') + 2);
    await world.expectComplete();
  });

  it.each([1, 2, 3, 4, 5])('lists them as seldom while resyncs come in between (order %i)', async (seed) => {
    const world = createWorld(makeSet('v2', { maxUnavailable: '10%' }), webPods(40, 'v1'), { seed });
    const RESYNCS = 10;
    for (let number = 0; number < RESYNCS; number++) {
      world.send(RESYNC, number * 7);
    }
    await world.settle();
    // A resync that finds work lists twice: before and after its claim.
    expect(podLists(world)).toBeLessThanOrEqual(count(world, 'RolloutMoved') + 2 * RESYNCS + 2);
    await world.expectComplete();
  });
});

describe('events of a rollout', () => {
  it('may come three times and in any order', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = createWorld(makeSet('v2', STRATEGY), webPods(7, 'v1'), {
        seed,
        copies: 3,
        strangers: [stranger(90)],
      });
      world.send(CHANGED);
      world.send(CHANGED);
      await world.settle();
      await world.expectComplete();
    }
  });

  it('change nothing when they come again days after the rollout', async () => {
    const world = createWorld(makeSet('v2', STRATEGY), webPods(6, 'v1'));
    world.send(CHANGED);
    await world.settle();
    const letters = [...world.sent];
    world.clock.pass(DAYS);
    world.cluster.calls.length = 0;
    for (const letter of letters) await world.deliver(letter);
    expect(world.cluster.writes()).toEqual([]);
    expect(world.queue).toEqual([]);
    expect(podLists(world)).toBe(0);
    await world.expectComplete();
  });

  it('of a rollout days ago do no harm in the middle of the next', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const world = createWorld(makeSet('v2', STRATEGY), webPods(6, 'v1'), { seed });
      world.send(CHANGED);
      await world.settle();
      const letters = [...world.sent];
      world.clock.pass(DAYS);
      changed(world, makeSet('v3', STRATEGY));
      for (const letter of letters) world.send(letter, world.random.below(40));
      await world.settle();
      expect(world.on('v3')).toHaveLength(6);
      await world.expectComplete();
    }
  });

  it('may all be lost: the message that watches over a batch carries the rollout to its end', async () => {
    const world = createWorld(makeSet('v2', STRATEGY), webPods(20, 'v1'), { copies: 0 });
    world.send(CHANGED);
    await world.settle();
    expect(count(world, 'RolloutMoved')).toBe(10);
    expect(
      world.sent.slice(1).every(({ listed, ref }) => listed !== undefined && ref.kind === 'SidecarSet'),
    ).toBe(true);
    await world.expectComplete();
  });

  it('and the watch has nothing to do where they were not lost', async () => {
    const world = createWorld(makeSet('v2', STRATEGY), webPods(6, 'v1'));
    world.send(CHANGED);
    await world.settle({
      until: () => world.queue.every(({ event }) => event.listed !== undefined) && world.sent.length > 10,
    });
    world.nodeCatchesUp();
    await world.settle({ until: () => world.queue.every(({ event }) => event.listed !== undefined) });
    const before = world.outcomes.length;
    expect(world.queue.length).toBeGreaterThan(0);
    world.cluster.calls.length = 0;
    await world.settle();
    expect(new Set(world.outcomes.slice(before).map(({ code }) => code))).toEqual(
      new Set(['RolloutAnswered']),
    );
    expect(podLists(world)).toBe(0);
  });

  it('of a Pod that takes longer than the watch, and is lost, is made up for by the resync', async () => {
    const world = createWorld(makeSet('v2', { maxUnavailable: 1 }), webPods(2, 'v1'), { copies: 0 });
    await world.deliver(CHANGED);
    const [watch] = world.queue.splice(0, 1);
    if (!watch) throw new Error('somebody watches');
    world.clock.pass(60);
    await world.deliver(watch.event);
    expect(world.on('v2')).toHaveLength(1);
    world.nodeCatchesUp();
    await world.deliver(RESYNC);
    expect(world.on('v2')).toHaveLength(2);
    await world.settle();
    await world.expectComplete();
  });
});
