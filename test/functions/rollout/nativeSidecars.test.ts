/** Sidecars that are restartable init containers. */
import { describe, expect, it } from 'vitest';
import type { Container, ContainerStatus, Pod, PodSpec } from '../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_STRATEGY,
  ANNOTATION_UPGRADE_JOBS,
  ENV_INJECTED,
} from '../../../shared/model/names.ts';
import type { SidecarSet } from '../../../shared/model/sidecarset.ts';
import { makeSet, marked, SET } from '../../support/fleet.ts';
import { webPod } from './webPods.ts';
import { CHANGED, changed, createWorld, type World } from './world.ts';

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

describe('plain sidecars that were injected as native ones', () => {
  const movedPod = (index: number, restartPolicy: PodSpec['restartPolicy'] = 'Always'): Pod => {
    const { spec, status, ...pod } = webPod(index, 'v1');
    const isAgent = ({ name }: { name: string }): boolean => name === 'agent';
    const moved = spec.containers.filter(isAgent).map((agent) => ({ ...agent, restartPolicy: 'Always' }));
    const containers = spec.containers.filter((container) => !isAgent(container));
    return {
      ...pod,
      spec: { ...spec, restartPolicy, containers, initContainers: [plain, ...moved] },
      status: {
        ...status,
        containerStatuses: [running('main', 'main:1')],
        initContainerStatuses: [running('agent', 'agent:v1')],
      },
    };
  };

  const agents = (world: World): (string | undefined)[] =>
    world
      .alive()
      .flatMap(({ spec }) => [...(spec.initContainers ?? []), ...spec.containers])
      .filter(({ name }) => name === 'agent')
      .map(({ image }) => image);

  it.each([
    1, 2, 3, 4, 5,
  ])('are upgraded in place beside Pods where they are plain (order %i)', async (seed) => {
    const pods = [movedPod(0), webPod(1, 'v1'), movedPod(2), webPod(3, 'v1')];
    const world = createWorld(makeSet('v2', { maxUnavailable: 1 }), pods, { seed });
    world.send(CHANGED);
    await world.settle();
    expect(agents(world)).toEqual(Array(4).fill('agent:v2'));
    expect(world.status()).toMatchObject({
      matchedPods: 4,
      updatedPods: 4,
      readyPods: 4,
      updatedReadyPods: 4,
    });
    await world.expectComplete();
  });

  it('are patched where they stand', async () => {
    const world = createWorld(makeSet('v2', { maxUnavailable: 2 }), [movedPod(0), webPod(1, 'v1')]);
    await world.run();
    const specs = world.cluster.calls
      .filter(({ verb, resource }) => verb === 'patch' && resource === 'pods')
      .map(({ name, body }) => [name, (body as { spec: object }).spec]);
    const agent = [{ name: 'agent', image: 'agent:v2' }];
    expect(Object.fromEntries(specs)).toEqual({
      'web-0': { initContainers: agent },
      'web-1': { containers: agent },
    });
  });

  it('that can not pull their image in a Job’s Pod are started once the image is fixed', async () => {
    const asking = (tag: string) => marked(makeSet(tag), { [ANNOTATION_UPGRADE_JOBS]: 'true' });
    const world = createWorld(asking('bad'), [movedPod(0, 'Never'), movedPod(1, 'Never')]);
    world.send(CHANGED);
    await world.settle();
    expect(world.status().waiting).toMatchObject([
      { reason: 'Failing', pods: 1 },
      { reason: 'MaxUnavailable', pods: 1 },
    ]);
    expect(agents(world).toSorted()).toEqual(['agent:bad', 'agent:v1']);
    changed(world, asking('v3'));
    await world.settle();
    expect(agents(world)).toEqual(['agent:v3', 'agent:v3']);
    await world.expectComplete();
  });

  it('are left alone in a Job’s Pod whose SidecarSet does not ask: under OnFailure a Job counts their restarts', async () => {
    const world = createWorld(makeSet('v2'), [movedPod(0, 'OnFailure'), movedPod(1, 'Never')]);
    world.send(CHANGED);
    await world.settle();
    expect(agents(world)).toEqual(['agent:v1', 'agent:v1']);
    expect(world.status().waiting).toMatchObject([{ reason: 'RunsToCompletion', pods: 2 }]);
  });

  it('keep their form when the strategy changes: that changes no hash, and no Pod', async () => {
    const world = createWorld(makeSet('v1'), [movedPod(0), webPod(1, 'v1')]);
    world.send(CHANGED);
    await world.settle();
    changed(world, marked(makeSet('v1'), { [ANNOTATION_STRATEGY]: 'compatible' }));
    await world.settle();
    expect(world.cluster.writes()).not.toContain('patch pods');
    await world.expectComplete();
  });
});
