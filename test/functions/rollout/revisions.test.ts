/** The ControllerRevisions over several rollouts. */
import { describe, expect, it } from 'vitest';
import type { ControllerRevision } from '../../../shared/model/kubernetes.ts';
import { ANNOTATION_HASH, LABEL_CUSTOM_VERSION } from '../../../shared/model/names.ts';
import { CONTROLLER_REVISIONS } from '../../../shared/model/resources.ts';
import type { SidecarSetSpec } from '../../../shared/model/sidecarset.ts';
import { makeSet, SET } from '../../support/fleet.ts';
import { settleInterleaved } from './interleave.ts';
import { RESYNC } from './setting.ts';
import { webPods } from './webPods.ts';
import { CHANGED, changed, createWorld, type World } from './world.ts';

const STRATEGY = { maxUnavailable: 2 };

const revisions = ({ cluster }: World): ControllerRevision[] =>
  cluster.readAll<ControllerRevision>(CONTROLLER_REVISIONS).sort((a, b) => a.revision - b.revision);

const numbers = (world: World): number[] => revisions(world).map(({ revision }) => revision);

const rollOut = async (
  world: World,
  tag: string,
  spec: SidecarSetSpec = {},
  strategy = {},
): Promise<string> => {
  changed(world, makeSet(tag, { ...STRATEGY, ...strategy }, spec));
  await world.settle();
  return world.status().latestRevision ?? '';
};

/** Names of the revisions that the Pods carry. */
const carried = (world: World): string[] =>
  world
    .alive()
    .map(({ metadata }) => JSON.parse(metadata.annotations?.[ANNOTATION_HASH] ?? '')[SET].controllerRevision);

const start = (spec: SidecarSetSpec = {}): World =>
  createWorld(makeSet('v1', STRATEGY, spec), webPods(3, 'v1'));

describe('revisions', () => {
  it('of a rollback are reused under a new number, again and again', async () => {
    const world = start();
    const first = await rollOut(world, 'v1');
    const second = await rollOut(world, 'v2');
    expect(await rollOut(world, 'v1')).toBe(first);
    expect(carried(world)).toEqual([first, first, first]);
    expect(await rollOut(world, 'v2')).toBe(second);
    expect(numbers(world)).toEqual([3, 4]);
    await world.expectComplete();
  });

  it('are the same for a change of the strategy alone', async () => {
    const world = start();
    const first = await rollOut(world, 'v1');
    expect(await rollOut(world, 'v1', {}, { paused: true })).toBe(first);
    expect(numbers(world)).toEqual([1]);
  });

  it('are labelled with the custom version, and keep the label when it is taken away', async () => {
    const world = start();
    const name = await rollOut(world, 'v2', { customVersion: '2.0' });
    const label = () =>
      revisions(world).find(({ metadata }) => metadata.name === name)?.metadata.labels?.[
        LABEL_CUSTOM_VERSION
      ];
    expect(label()).toBe('2.0');
    await rollOut(world, 'v2', { customVersion: '2.1' });
    expect(label()).toBe('2.1');
    await rollOut(world, 'v2');
    expect(label()).toBe('2.1');
    await world.expectComplete();
  });

  it('are cut to the limit, but not those that Pods carry', async () => {
    const limit = { revisionHistoryLimit: 1 };
    const world = start(limit);
    await rollOut(world, 'v1', limit);
    const second = await rollOut(world, 'v2', limit, { partition: 0 });
    await rollOut(world, 'v3', limit, { partition: 1 });
    const fourth = await rollOut(world, 'v4', limit, { partition: 3 });
    const names = revisions(world).map(({ metadata }) => metadata.name);
    expect(names).toEqual(expect.arrayContaining([...carried(world), fourth]));
    expect(new Set(carried(world))).toContain(second);
    expect(names).toHaveLength(3);

    await rollOut(world, 'v4', limit);
    expect(revisions(world).map(({ metadata }) => metadata.name)).toEqual([fourth]);
    await world.expectComplete();
  });

  it('are cut to ten without a limit', async () => {
    const world = start();
    for (let version = 1; version <= 14; version++) await rollOut(world, `v${version}`);
    expect(numbers(world)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    await world.expectComplete();
  });

  it('that the injection is pinned to are never cut', async () => {
    const world = start({ customVersion: '1.0' });
    const first = await rollOut(world, 'v1', { customVersion: '1.0' });
    const pinned = { revisionHistoryLimit: 1, injectionStrategy: { revision: { customVersion: '1.0' } } };
    await rollOut(world, 'v2', { ...pinned, customVersion: '2.0' });
    await rollOut(world, 'v3', { ...pinned, customVersion: '3.0' });
    expect(revisions(world).map(({ metadata }) => metadata.name)).toContain(first);
  });

  it('are made once by five functions at once, and numbered without gaps', async () => {
    const five = [CHANGED, RESYNC, CHANGED, RESYNC, CHANGED];
    for (let seed = 1; seed <= 15; seed++) {
      const world = createWorld(makeSet('v1', STRATEGY), webPods(3, 'v1'), { seed });
      for (const tag of ['v1', 'v2', 'v3']) {
        changed(world, makeSet(tag, STRATEGY));
        for (const event of five) world.send(event);
        await settleInterleaved(world, { width: 5 });
      }
      expect(numbers(world), `seed ${seed}`).toEqual([1, 2, 3]);
    }
  });
});
