/** Pods that differ in resources are resized where the SidecarSet asks for it. */
import { describe, expect, it } from 'vitest';
import { PODS } from '../../../shared/model/resources.ts';
import { clusterError } from '../../support/fakeCluster.ts';
import { createCompleteWorld, makeBeyond } from './beyond.ts';
import { hashOf } from './ledger.ts';
import { RESYNC } from './setting.ts';
import { killedAfter, throughAll } from './through.ts';
import { changed, type World, type WorldOptions } from './world.ts';

const STRATEGY = { maxUnavailable: 1 };
const CPU = { limits: { cpu: '2' } };

const start = async (
  ways = 'resize',
  options: WorldOptions & { image?: string; cpu?: string } = {},
): Promise<World> => {
  const { image, cpu = '2', ...rest } = options;
  const world = await createCompleteWorld(3, STRATEGY, rest);
  changed(world, makeBeyond({ ways, image, cpu, strategy: STRATEGY }));
  world.queue.splice(0, world.queue.length - 1);
  world.cluster.calls.length = 0;
  return world;
};

const podWrites = ({ cluster }: World): string[] =>
  cluster.calls
    .filter(({ verb, resource }) => ['patch', 'evict'].includes(verb) && resource.startsWith('pods'))
    .map(({ verb, resource }) => `${verb} ${resource}`);

const agent = (world: World, index: number) =>
  world.pod(index).spec.containers.find(({ name }) => name === 'agent');

const refusing = (code: number, reason: string) =>
  throughAll(async ({ resource }, perform) => {
    if (resource === 'pods/resize') throw clusterError(code, reason);
    return perform();
  });

describe('a resize', () => {
  it('comes first, then the hash that says that it is done', async () => {
    const world = await start();
    await world.run();
    expect(podWrites(world).slice(0, 2)).toEqual(['patch pods/resize', 'patch pods']);
    const [resize] = world.cluster.calls.filter(({ resource }) => resource === 'pods/resize');
    expect(resize?.body).toMatchObject({
      metadata: { uid: 'uid-0', resourceVersion: expect.any(String) },
      spec: { containers: [{ name: 'agent', resources: CPU }] },
    });
    expect(agent(world, 0)).toMatchObject({ image: 'agent:v1', resources: CPU });
  });

  it.each([undefined, 'agent:v2'])('with image %s brings all Pods to the latest revision', async (image) => {
    const world = await start('resize', { image });
    await world.settle();
    for (const index of [0, 1, 2]) {
      expect(agent(world, index)).toMatchObject({ image: image ?? 'agent:v1', resources: CPU });
    }
    expect(podWrites(world)).not.toContain('evict pods');
    await world.expectComplete();
  });

  it('that was done by a run that died is not done again: the Pod waits, and only its hash is left to write', async () => {
    const world = await start();
    await world.deliver(RESYNC, killedAfter('pods/resize', 1));
    expect(podWrites(world)).toEqual(['patch pods/resize']);
    expect(hashOf(world.pod(0))).toBe('hash-v1');
    expect(agent(world, 0)).toMatchObject({ resources: CPU });

    world.cluster.calls.length = 0;
    world.clock.pass(61);
    await world.run();
    expect(podWrites(world)[0]).toBe('patch pods');
    world.queue.splice(0);
    world.send(RESYNC);
    await world.settle();
    await world.expectComplete();
  });

  it('of a Pod that has changed since it was listed is left to the next run', async () => {
    const world = await start();
    world.cluster.before('patch', 'pods/resize', () => {
      world.cluster.put(PODS, world.pod(0));
    });
    expect(await world.run()).toMatchObject({
      code: 'RolloutUnfinished',
      detail: { raced: ['default/web-0'] },
    });
    await world.settle();
    await world.expectComplete();
  });
});

describe('a resize that the API server does not do', () => {
  it.each([
    ['refuses', 422, 'Invalid'],
    ['forbids', 403, 'Forbidden'],
    ['does not know', 404, 'NotFound'],
  ] as const)('because it %s it leaves the Pods as they are, and the status says so', async (_, code, reason) => {
    const world = await start();
    const through = refusing(code, reason);
    await world.settle({ through });
    expect(world.alive().map(hashOf)).toEqual(['hash-v1', 'hash-v1', 'hash-v1']);
    expect(world.status()).toMatchObject({
      matchedPods: 3,
      updatedPods: 0,
      readyPods: 3,
      waiting: [{ reason: 'Refused', pods: 3 }],
    });
    world.expectKept();
  });

  it.each([
    [422, 'Invalid'],
    [404, 'NotFound'],
  ] as const)('(%i) is a recreation where that is allowed, too', async (code, reason) => {
    for (const owner of ['ReplicaSet', 'StatefulSet'] as const) {
      const world = await start('resize,recreate', { owner });
      await world.settle({ through: refusing(code, reason) });
      for (const pod of world.alive()) {
        expect(pod.spec.containers).toContainEqual(expect.objectContaining({ resources: CPU }));
      }
      expect(podWrites(world).filter((write) => write === 'evict pods')).toHaveLength(3);
      await world.expectComplete();
    }
  });

  it('never evicts a bare Pod in its place', async () => {
    const world = await start('resize,recreate');
    for (const pod of world.alive()) {
      world.cluster.put(PODS, { ...pod, metadata: { ...pod.metadata, ownerReferences: [] } });
    }
    await world.settle({ through: refusing(422, 'Invalid') });
    expect(podWrites(world)).not.toContain('evict pods');
    expect(world.alive()).toHaveLength(3);
  });

  it('never evicts in its place while the injection is paused', async () => {
    const world = await createCompleteWorld(3, STRATEGY);
    const spec = { injectionStrategy: { paused: true } };
    changed(world, makeBeyond({ ways: 'resize,recreate', cpu: '2', strategy: STRATEGY, spec }));
    await world.settle({ through: refusing(422, 'Invalid') });
    expect(podWrites(world)).not.toContain('evict pods');
    expect(world.alive()).toHaveLength(3);
  });
});

describe('without a revision to compare with', () => {
  it('nothing is resized: the Pods may differ in more', async () => {
    const world = await start();
    for (const pod of world.alive()) {
      const text = pod.metadata.annotations?.['kruise.io/sidecarset-hash'] ?? '';
      const annotations = {
        ...pod.metadata.annotations,
        'kruise.io/sidecarset-hash': text.replace(
          /"controllerRevision":"[^"]*"/,
          '"controllerRevision":"gone"',
        ),
      };
      world.cluster.put(PODS, { ...pod, metadata: { ...pod.metadata, annotations } });
    }
    await world.settle();
    expect(podWrites(world)).not.toContain('patch pods/resize');
    expect(world.status().waiting).toMatchObject([{ reason: 'BeyondImage', pods: 3 }]);
  });
});
