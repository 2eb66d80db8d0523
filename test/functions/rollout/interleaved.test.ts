/** Rollout functions at once, interleaved at every call of the API. */
import { describe, expect, it } from 'vitest';
import type { SidecarSet } from '../../../shared/model/sidecarset.ts';
import { makeSet } from '../../support/fleet.ts';
import { createCompleteWorld, makeBeyond } from './beyond.ts';
import { settleInterleaved } from './interleave.ts';
import { withGeneration } from './node.ts';
import { RESYNC } from './setting.ts';
import { webPods } from './webPods.ts';
import { CHANGED, changed, createWorld, type World, type WorldOptions } from './world.ts';

const play = async (
  seed: number,
  width: number,
  set: SidecarSet,
  { options, meanwhile }: { options?: WorldOptions; meanwhile?: (world: World) => () => void } = {},
): Promise<World> => {
  const pods = webPods(6, 'v1');
  const world = createWorld(set, seed % 3 ? pods : pods.map(withGeneration), {
    seed,
    copies: 1 + (seed % 2),
    ...options,
  });
  for (let copy = 0; copy < width; copy++) world.send(copy % 2 ? RESYNC : CHANGED);
  const first = meanwhile?.(world);
  await settleInterleaved(world, { width, meanwhile: first });
  return world;
};

const seeds = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe.each([
  { width: 2, count: 90 },
  { width: 5, count: 60 },
])('$width functions at once', ({ width, count }) => {
  it(`keep the budget at every moment and complete the rollout, in ${count} orders of their calls`, async () => {
    for (const seed of seeds(count)) {
      const world = await play(seed, width, makeSet('v2', { maxUnavailable: 2 }));
      expect(world.ledger.violations, `seed ${seed}`).toEqual([]);
      await world.expectComplete();
    }
  });

  it('keep the partition at every moment', async () => {
    for (const seed of seeds(20)) {
      const world = await play(seed, width, makeSet('v2', { maxUnavailable: 2, partition: 2 }), {
        options: { kept: 2 },
      });
      expect(world.ledger.violations, `seed ${seed}`).toEqual([]);
      world.expectTruth();
      expect(world.on('v2'), `seed ${seed}`).toHaveLength(4);
      await world.expectSilence();
    }
  });

  it('follow a SidecarSet that is changed under them', async () => {
    for (const seed of seeds(30)) {
      const world = await play(seed, width, makeSet('v2', { maxUnavailable: 2 }), {
        meanwhile: (one) => {
          const next = ['v3', 'v4'];
          return () => {
            const tag = next.shift();
            if (tag) changed(one, makeSet(tag, { maxUnavailable: 2 }));
          };
        },
      });
      expect(world.ledger.violations, `seed ${seed}`).toEqual([]);
      await world.expectComplete();
    }
  });

  it('evict within the budget at every moment, also while nothing is in their place yet', async () => {
    const owners = ['ReplicaSet', 'StatefulSet'] as const;
    for (const seed of seeds(8)) {
      const world = await createCompleteWorld(6, { maxUnavailable: 2 }, { seed, owner: owners[seed % 2] });
      changed(world, makeBeyond({ ways: 'recreate', strategy: { maxUnavailable: 2 } }));
      for (let copy = 1; copy < width; copy++) world.send(RESYNC);
      await settleInterleaved(world, { width });
      await world.settleWithResyncs();
      expect(world.ledger.violations, `seed ${seed}`).toEqual([]);
      await world.expectComplete();
    }
  });
});
