/** Sidecars that are restartable init containers. */
import { describe, expect, it } from 'vitest';
import type { Container, ContainerStatus, Pod } from '../../../shared/model/kubernetes.ts';
import { ANNOTATION_HASH, ENV_INJECTED } from '../../../shared/model/names.ts';
import type { SidecarSet } from '../../../shared/model/sidecarset.ts';
import { makeSet, SET } from '../../support/fleet.ts';
import { webPod } from './webPods.ts';
import { CHANGED, createWorld } from './world.ts';

const native = (tag: string): Container => ({
  name: 'proxy',
  image: `proxy:${tag}`,
  restartPolicy: 'Always',
});
const plain: Container = { name: 'setup', image: 'setup:v1' };

const nativeSet = (tag: string, more: Container[] = []): SidecarSet =>
  makeSet(tag, { maxUnavailable: 1 }, { containers: [], initContainers: [native(tag), ...more] });

const running = (name: string, image: string): ContainerStatus => ({
  name,
  image,
  imageID: `sha256:of-${image}`,
  ready: true,
  restartCount: 0,
  state: { running: { startedAt: '2026-03-01T11:01:00Z' } },
});

const nativePod = (index: number): Pod => {
  const pod = webPod(index, 'v1');
  const main = pod.spec.containers.filter(({ name }) => name === 'main');
  const env = [{ name: ENV_INJECTED, value: 'true' }];
  return {
    ...pod,
    spec: { ...pod.spec, containers: main, initContainers: [plain, { ...native('v1'), env }] },
    status: {
      ...pod.status,
      containerStatuses: [running('main', 'main:1')],
      initContainerStatuses: [running('proxy', 'proxy:v1')],
    },
  };
};

const nativePods = (count: number): Pod[] => Array.from({ length: count }, (_, index) => nativePod(index));

describe('native sidecars', () => {
  it.each([1, 2, 3, 4, 5])('are upgraded in place, one Pod at a time (order %i)', async (seed) => {
    const world = createWorld(nativeSet('v2'), nativePods(4), { seed });
    world.send(CHANGED);
    await world.settle();
    for (const { spec } of world.alive()) {
      expect(spec.initContainers?.map(({ image }) => image)).toEqual(['setup:v1', 'proxy:v2']);
    }
    await world.expectComplete();
  });

  it('are patched by name, and nothing else of the Pod is', async () => {
    const world = createWorld(nativeSet('v2', [{ ...plain, image: 'setup:v2' }]), nativePods(1));
    await world.run();
    const patch = world.cluster.calls.find(({ verb, resource }) => verb === 'patch' && resource === 'pods');
    expect(patch?.body).toMatchObject({ spec: { initContainers: [{ name: 'proxy', image: 'proxy:v2' }] } });
    expect(patch?.body).not.toHaveProperty('spec.containers');
    const hashes = JSON.parse(world.pod(0).metadata.annotations?.[ANNOTATION_HASH] ?? '');
    expect(hashes[SET]).toMatchObject({ hash: 'hash-v2', sidecarList: ['proxy'] });
  });

  it('count as on their way until the node runs the new one', async () => {
    const world = createWorld(nativeSet('v2'), nativePods(2));
    await world.run();
    expect(await world.run()).toMatchObject({ code: 'RolloutWaiting' });
    world.nodeCatchesUp();
    expect(await world.run()).toMatchObject({ code: 'RolloutMoved' });
  });

  it('that are to be hot-upgraded were written past the webhook: nothing moves', async () => {
    const hot = { ...native('v2'), upgradeStrategy: { upgradeType: 'HotUpgrade' as const } };
    const world = createWorld(makeSet('v2', {}, { containers: [], initContainers: [hot] }), nativePods(1));
    expect(await world.run()).toMatchObject({ code: 'RolloutInvalid' });
    expect(world.pod(0).spec.initContainers).toContainEqual(expect.objectContaining({ image: 'proxy:v1' }));
  });
});
