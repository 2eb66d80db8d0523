/** Pods that differ in more than images are evicted where the SidecarSet asks for it; their owners make others. */
import { describe, expect, it } from 'vitest';
import { ClusterError } from '../../../shared/io/ports.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { PODS } from '../../../shared/model/resources.ts';
import type { SidecarSet, SidecarSetSpec } from '../../../shared/model/sidecarset.ts';
import { clusterError } from '../../support/fakeCluster.ts';
import { createCompleteWorld, makeBeyond } from './beyond.ts';
import { stranger } from './scenarios.ts';
import { RESYNC } from './setting.ts';
import { killedAfter, throughAll } from './through.ts';
import { injectedPod } from './webPods.ts';
import { changed, type World, type WorldOptions } from './world.ts';

const STRATEGY = { maxUnavailable: 2 };

const recreating = (spec: SidecarSetSpec = {}): SidecarSet =>
  makeBeyond({ ways: 'recreate', strategy: STRATEGY, spec });

const start = async (count: number, options: WorldOptions = {}, set = recreating()): Promise<World> => {
  const world = await createCompleteWorld(count, STRATEGY, options);
  changed(world, set);
  return world;
};

const evictions = ({ cluster }: World): (string | undefined)[] =>
  cluster.calls.filter(({ verb }) => verb === 'evict').map(({ name }) => name);

const budgetSaysNo = (): ClusterError =>
  new ClusterError(429, 'TooManyRequests', 'Cannot evict pod as it would violate the disruption budget', {
    retryAfterSeconds: 10,
    causes: ['DisruptionBudget'],
  });

describe.each(['ReplicaSet', 'StatefulSet'] as const)('Pods of a %s', (owner) => {
  it('are recreated within the budget, also while nothing is in their place yet', async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const world = await start(7, { owner, seed, strangers: [stranger(90)] });
      const before = world.alive().map(({ metadata }) => metadata.uid);
      await world.settle();
      expect(world.ledger.violations, `seed ${seed}`).toEqual([]);
      expect(world.alive()).toHaveLength(7);
      expect(world.alive().filter(({ metadata }) => before.includes(metadata.uid))).toEqual([]);
      await world.expectComplete();
    }
  });

  it('are kept by the partition', async () => {
    const set = makeBeyond({ ways: 'recreate', strategy: { ...STRATEGY, partition: 3 } });
    const world = await start(5, { owner, kept: 3 }, set);
    await world.settle();
    world.expectKept();
    world.expectTruth();
    expect(world.status()).toMatchObject({ updatedPods: 2, waiting: [{ reason: 'Partition', pods: 3 }] });
    await world.expectSilence();
  });
});

describe('the gap between an eviction and what comes in its place', () => {
  it('is remembered in the status and counts as taken', async () => {
    const world = await start(5);
    await world.deliver(RESYNC);
    expect(evictions(world)).toHaveLength(2);
    expect(world.status()).toMatchObject({
      matchedPods: 3,
      recreating: { pods: 5, until: '2026-03-01T12:05:00.000Z' },
    });
    world.nodeCatchesUp();
    world.clock.pass(120);
    await world.deliver(RESYNC);
    expect(evictions(world)).toHaveLength(2);
    expect(world.status().recreating?.until).toBe('2026-03-01T12:05:00.000Z');
  });

  it('is not given up while nobody has come: an owner that can make no Pods loses no more', async () => {
    const world = await start(5);
    await world.deliver(RESYNC);
    world.nodeCatchesUp();
    world.clock.pass(301);
    await world.deliver(RESYNC);
    expect(evictions(world)).toHaveLength(2);
  });

  it('is given up after five minutes when some have come: the owner was scaled down', async () => {
    const world = await start(5);
    await world.deliver(RESYNC);
    world.nodeCatchesUp();
    world.cluster.put(PODS, injectedPod(world.set(), 'next'));
    world.nodeCatchesUp();
    world.clock.pass(301);
    await world.deliver(RESYNC);
    expect(evictions(world)).toHaveLength(4);
  });

  it('counts also after a run that died right after its evictions, when Pods were added just before', async () => {
    const world = await start(4, { owner: 'StatefulSet' });
    world.queue.length = 0;
    for (let index = 0; index < 4; index++) {
      const { metadata, ...pod } = injectedPod(world.set(), `more-${index}`);
      const [model] = world.alive();
      if (!model) throw new Error('there are Pods');
      const annotations = model.metadata.annotations;
      world.cluster.put<Pod>(PODS, { ...pod, metadata: { ...metadata, annotations }, spec: model.spec });
    }
    world.nodeCatchesUp();
    world.queue.length = 0;
    // The first run may write the counts only.
    for (let runs = 0; evictions(world).length < 2; runs++) {
      expect(runs).toBeLessThan(3);
      await world.deliver(RESYNC, killedAfter('pods/eviction', 2));
    }
    world.clock.pass(61);
    await world.deliver(RESYNC);
    world.expectKept();
    await world.settleWithResyncs();
    await world.expectComplete();
  });

  it('does not begin the rollout anew when an owner is scaled down after its end', async () => {
    const world = await start(5, { owner: 'ReplicaSet' });
    await world.settle();
    const [pod] = world.alive();
    if (!pod) throw new Error('there are Pods');
    world.deletes(pod, { isReplaced: false });
    await world.settle();
    await world.deliver(RESYNC);
    const progressing = world.status().conditions?.find(({ type }) => type === 'Progressing');
    expect(progressing).toMatchObject({ status: 'False', reason: 'Complete' });
  });
});

describe('an eviction', () => {
  it('is of this very Pod in this very version', async () => {
    const world = await start(3);
    world.cluster.before('evict', 'pods', () => {
      world.cluster.put(PODS, world.pod(0));
    });
    const outcomes = await world.deliver(RESYNC);
    expect(outcomes).toMatchObject([{ code: 'RolloutUnfinished', detail: { raced: ['default/web-0'] } }]);
    expect(world.pod(0).metadata.deletionTimestamp).toBeUndefined();
  });

  it('that a PodDisruptionBudget does not allow is told in the status and tried again after 30 s', async () => {
    const world = await start(2, { owner: 'ReplicaSet' });
    world.queue.length = 0;
    const through = throughAll(async ({ verb }, perform) => {
      if (verb === 'evict') throw budgetSaysNo();
      return perform();
    });
    for (let tries = 0; tries < 3; tries++) {
      const outcomes = await world.deliver(world.queue.pop()?.event ?? RESYNC, through);
      expect(outcomes).toMatchObject([
        { kind: 'done' },
        { kind: 'later', code: 'RolloutWatched', seconds: 30 },
      ]);
      expect(world.status().waiting).toMatchObject([
        { reason: 'DisruptionBudget', pods: 2, names: ['default/web-0', 'default/web-1'] },
      ]);
      expect(world.status().conditions).toContainEqual(
        expect.objectContaining({ type: 'Progressing', status: 'True', reason: 'RollingUpdate' }),
      );
      world.clock.pass(30);
    }
    await world.settle();
    await world.expectComplete();
  });

  it('that a PodDisruptionBudget does not allow does not stop Pods of others', async () => {
    const world = await start(6, { owner: 'ReplicaSet' });
    const guarded = ['web-0', 'web-1'];
    const through = throughAll(async ({ verb, name }, perform) => {
      if (verb === 'evict' && guarded.includes(name)) throw budgetSaysNo();
      return perform();
    });
    for (let minutes = 0; minutes < 20; minutes++) {
      await world.deliver(RESYNC, through);
      world.nodeCatchesUp();
      world.clock.pass(60);
      world.queue.length = 0;
    }
    expect(world.status().waiting).toMatchObject([
      { reason: 'DisruptionBudget', names: guarded.map((name) => `default/${name}`) },
    ]);
  });

  it('of a Pod that two PodDisruptionBudgets select is refused for good, and the next Pod is taken', async () => {
    const world = await start(3, { owner: 'ReplicaSet' });
    const message =
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    const through = throughAll(async ({ verb, name }, perform) => {
      if (verb === 'evict' && name === 'web-0') throw clusterError(500, 'InternalError', message);
      return perform();
    });
    await world.settle({ through });
    world.expectKept();
    expect(world.status()).toMatchObject({
      updatedPods: 2,
      waiting: [{ reason: 'Refused', names: ['default/web-0'] }],
    });
  });
});

describe('nobody is evicted', () => {
  const change = async (world: World, alter: (pod: Pod) => Pod): Promise<void> => {
    for (const pod of world.alive()) world.cluster.put(PODS, alter(pod));
  };

  it.each<{ what: string; alter: (pod: Pod) => Pod; reason: string }>([
    {
      what: 'a bare Pod',
      alter: (pod) => ({ ...pod, metadata: { ...pod.metadata, ownerReferences: undefined } }),
      reason: 'NotRecreatable',
    },
    {
      what: 'a Pod whose owner is no controller',
      alter: ({ metadata, ...pod }) => ({
        ...pod,
        metadata: {
          ...metadata,
          ownerReferences: metadata.ownerReferences?.map((owner) => ({ ...owner, controller: false })),
        },
      }),
      reason: 'NotRecreatable',
    },
    {
      what: "a Job's Pod",
      alter: (pod) => ({ ...pod, spec: { ...pod.spec, restartPolicy: 'OnFailure' } }),
      reason: 'RunsToCompletion',
    },
  ])('who is $what', async ({ alter, reason }) => {
    const world = await createCompleteWorld(3, STRATEGY);
    await change(world, alter);
    changed(world, recreating());
    await world.settle();
    expect(evictions(world)).toEqual([]);
    expect(world.status().waiting).toMatchObject([{ reason, pods: 3 }]);
    await world.expectSilence();
  });

  it("who is a Job's Pod, though the SidecarSet wants Jobs upgraded", async () => {
    const set = recreating();
    const annotations = { ...set.metadata.annotations, 'serverless.sidecarset.io/upgrade-jobs': 'true' };
    const world = await createCompleteWorld(2, STRATEGY);
    await change(world, (pod) => ({ ...pod, spec: { ...pod.spec, restartPolicy: 'Never' } }));
    changed(world, { ...set, metadata: { ...set.metadata, annotations } });
    await world.settle();
    expect(evictions(world)).toEqual([]);
    expect(world.status().waiting).toMatchObject([{ reason: 'NotRecreatable', pods: 2 }]);
  });

  it.each<{ injectionStrategy: SidecarSetSpec['injectionStrategy'] }>([
    { injectionStrategy: { paused: true } },
    { injectionStrategy: { revision: { revisionName: 'logs-1' } } },
    { injectionStrategy: { revision: { customVersion: '1.0' } } },
  ])('while the injection is $injectionStrategy: they would come back as they are', async ({
    injectionStrategy,
  }) => {
    const world = await start(3, {}, recreating({ injectionStrategy }));
    await world.settle();
    expect(evictions(world)).toEqual([]);
    expect(world.status().waiting).toMatchObject([{ reason: 'InjectionPinned', pods: 3 }]);
    await world.expectSilence();
  });

  it('unless the SidecarSet asks for it', async () => {
    const world = await start(3, {}, makeBeyond({ ways: '', strategy: STRATEGY }));
    await world.settle();
    expect(evictions(world)).toEqual([]);
    expect(world.status().waiting).toMatchObject([{ reason: 'BeyondImage', pods: 3 }]);
  });
});
