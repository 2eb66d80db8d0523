/** Hot upgrades end to end: the new version starts beside the old one, takes over, and the old one is emptied. */
import { describe, expect, it } from 'vitest';
import type { ObjectEvent } from '../../../shared/core/resources/event.ts';
import type { Container, ContainerStatus, Pod } from '../../../shared/model/kubernetes.ts';
import { ANNOTATION_WORKING, ENV_INJECTED } from '../../../shared/model/names.ts';
import { EVENTS, PODS } from '../../../shared/model/resources.ts';
import type { SidecarSet, UpdateStrategy } from '../../../shared/model/sidecarset.ts';
import { makeSet } from '../../support/fleet.ts';
import { runsAll } from './node.ts';
import { RESYNC } from './setting.ts';
import { killedAt } from './through.ts';
import { webPod } from './webPods.ts';
import { CHANGED, changed, createWorld, type World } from './world.ts';

const EMPTY = 'empty:1';
const STRATEGY = { maxUnavailable: 1 };

const hotSet = (tag: string, strategy: UpdateStrategy = STRATEGY): SidecarSet =>
  makeSet(tag, strategy, {
    containers: [
      {
        name: 'agent',
        image: `agent:${tag}`,
        upgradeStrategy: { upgradeType: 'HotUpgrade', hotUpgradeEmptyImage: EMPTY },
      },
    ],
  });

const twin = (name: string, image: string): Container => ({
  name,
  image,
  env: [{ name: ENV_INJECTED, value: 'true' }],
});

const running = ({ name, image = '' }: Container): ContainerStatus => ({
  name,
  image,
  imageID: `sha256:of-${image}`,
  containerID: `containerd://${name}`,
  ready: true,
  restartCount: 0,
  state: { running: { startedAt: '2026-03-01T11:01:00Z' } },
});

const hotPod = (index: number): Pod => {
  const pod = webPod(index, 'v1');
  const [main] = pod.spec.containers;
  const containers = [...(main ? [main] : []), twin('agent-1', 'agent:v1'), twin('agent-2', EMPTY)];
  const annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION_WORKING]: '{"agent":"agent-1"}',
    'version.sidecarset.kruise.io/agent-1': '1',
    'versionalt.sidecarset.kruise.io/agent-1': '0',
    'version.sidecarset.kruise.io/agent-2': '0',
    'versionalt.sidecarset.kruise.io/agent-2': '1',
  };
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    spec: { ...pod.spec, containers },
    status: { ...pod.status, containerStatuses: containers.map(running) },
  };
};

const hotPods = (count: number): Pod[] => Array.from({ length: count }, (_, index) => hotPod(index));

const images = ({ spec }: Pod): (string | undefined)[] => spec.containers.slice(1).map(({ image }) => image);

/** One of the two works, and both run what they should. */
const isBack = (pod: Pod): boolean =>
  runsAll(pod) && images(pod).filter((image) => image === EMPTY).length === 1;

/** Names of the containers that run a version and are ready. */
const working = ({ spec, status }: Pod): string[] =>
  (status?.containerStatuses ?? [])
    .filter(
      ({ name, image, ready }) =>
        ready && spec.containers.some((one) => one.name === name && one.image === image),
    )
    .filter(({ name, image }) => name !== 'main' && image !== EMPTY)
    .map(({ name }) => name);

/** Nobody empties or replaces the last container that works. */
const watchService = ({ cluster, ledger }: World): void =>
  cluster.onChange(({ resource, before, after, by }) => {
    if (resource !== PODS || by !== 'ports' || !before || !after) return;
    const isLost = working(before as Pod).length > 0 && working(after as Pod).length === 0;
    if (isLost) ledger.violations.push(`${after.metadata.name}: no version works any more`);
  });

const start = (count: number, seed = 1): World => {
  const world = createWorld(hotSet('v2'), hotPods(count), { seed, isBack });
  watchService(world);
  return world;
};

const events = ({ cluster }: World): ObjectEvent[] => cluster.readAll<ObjectEvent>(EVENTS);

describe('a hot upgrade', () => {
  it('goes through all Pods within the budget, in many orders', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = start(4, seed);
      world.send(CHANGED);
      await world.settle();
      expect(world.ledger.violations, `seed ${seed}`).toEqual([]);
      for (const pod of world.alive()) {
        expect(images(pod)).toEqual([EMPTY, 'agent:v2']);
        expect(pod.metadata.annotations).toMatchObject({
          [ANNOTATION_WORKING]: '{"agent":"agent-2"}',
          'version.sidecarset.kruise.io/agent-1': '0',
          'versionalt.sidecarset.kruise.io/agent-2': '0',
        });
      }
      await world.expectComplete();
    }
  });

  it('says on each Pod that the old version was emptied, once', async () => {
    const world = start(3);
    world.send(CHANGED);
    world.send(CHANGED);
    await world.settle();
    const resets = events(world).filter(({ reason }) => reason === 'ResetContainerSucceed');
    expect(resets.map(({ involvedObject }) => involvedObject.name).sort()).toEqual([
      'web-0',
      'web-1',
      'web-2',
    ]);
    expect(new Set(resets.map(({ type }) => type))).toEqual(new Set(['Normal']));
  });

  it('goes back and forth between the two containers', async () => {
    const world = start(2);
    world.send(CHANGED);
    await world.settle();
    changed(world, hotSet('v3'));
    await world.settle();
    expect(world.alive().map(images)).toEqual([
      ['agent:v3', EMPTY],
      ['agent:v3', EMPTY],
    ]);
    await world.expectComplete();
  });

  it('that has begun ends while the rollout is paused, and no other begins', async () => {
    const world = start(3);
    await world.run();
    world.nodeCatchesUp();
    changed(world, hotSet('v2', { ...STRATEGY, paused: true }));
    await world.settle();
    expect(world.alive().map(images)).toEqual([
      [EMPTY, 'agent:v2'],
      ['agent:v1', EMPTY],
      ['agent:v1', EMPTY],
    ]);
    expect(events(world).map(({ reason }) => reason)).toContain('ResetContainerSucceed');
    world.expectTruth();
    await world.expectSilence();
    changed(world, hotSet('v2'));
    await world.settle();
    await world.expectComplete();
  });

  it('counts as on its way, not as failing, while two versions run', async () => {
    const world = start(2);
    await world.run();
    expect(world.status()).toMatchObject({
      readyPods: 1,
      waiting: [{ reason: 'MaxUnavailable' }, { reason: 'Migrating' }],
    });
    expect(world.status().conditions).toContainEqual(
      expect.objectContaining({ type: 'Degraded', status: 'False' }),
    );
  });

  it('that a new revision overtakes ends with that one', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const world = start(3, seed);
      await world.run();
      for (let steps = 0; steps < seed % 3; steps++) world.nodeActs();
      changed(world, hotSet('v3'));
      await world.settle();
      expect(world.ledger.violations, `seed ${seed}`).toEqual([]);
      for (const pod of world.alive()) expect(images(pod).sort()).toEqual(['agent:v3', EMPTY]);
      await world.expectComplete();
    }
  });

  it('that is taken back in the middle leaves the version that runs, and empties the other', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const world = start(3, seed);
      await world.run();
      for (let steps = 0; steps < seed % 3; steps++) world.nodeActs();
      changed(world, hotSet('v1'));
      await world.settle();
      expect(world.ledger.violations, `seed ${seed}`).toEqual([]);
      for (const pod of world.alive()) expect(images(pod).sort()).toEqual(['agent:v1', EMPTY]);
      await world.expectComplete();
    }
  });

  it.each([
    'before',
    'after',
  ] as const)('ends as it should when a run dies %s any one of its calls', async (when) => {
    for (let number = 0; number < 60; number++) {
      const world = start(3, number + 1);
      await world.run();
      world.nodeCatchesUp();
      world.queue.length = 0;
      const { through, died } = killedAt(number, when);
      await world.deliver(RESYNC, through);
      if (!died()) return expect(number).toBeGreaterThan(7);
      await world.settleWithResyncs();
      expect(world.ledger.violations, `call ${number}`).toEqual([]);
      await world.expectComplete();
    }
    throw new Error('a run with so many calls is not what was meant');
  });
});
