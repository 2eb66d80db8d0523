/** What others delete, break and write in the middle: skipped with a reason, and nothing is lost. */
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_HASH_WITHOUT_IMAGE,
  ANNOTATION_INPLACE_UPDATE_STATE,
} from '../../../shared/model/names.ts';
import { PODS, SIDECARSETS } from '../../../shared/model/resources.ts';
import type { SidecarSet, SidecarSetStatus } from '../../../shared/model/sidecarset.ts';
import { clusterError } from '../../support/fakeCluster.ts';
import { makeSet, SET } from '../../support/fleet.ts';
import { createCompleteWorld, makeBeyond } from './beyond.ts';
import { RESYNC } from './setting.ts';
import { throughAll } from './through.ts';
import { webPod, webPods } from './webPods.ts';
import { CHANGED, changed, createWorld, type World } from './world.ts';

const STRATEGY = { maxUnavailable: 2 };
const MOST_CALLS = 60;

const start = (count = 5): World => createWorld(makeSet('v2', STRATEGY), webPods(count, 'v1'));

/** Something happens before the call of that number, in one world after the other; `false` ends it. */
const atEachCall = async (
  happens: (world: World) => void,
  then: (world: World, number: number) => Promise<void>,
): Promise<void> => {
  for (let number = 0; number < MOST_CALLS; number++) {
    const world = start();
    let calls = 0;
    const through = throughAll(async (_, perform) => {
      if (calls++ === number) happens(world);
      return perform();
    });
    await world.deliver(CHANGED, through);
    if (calls <= number) return;
    await then(world, number);
  }
  throw new Error('a run with so many calls is not what was meant');
};

describe('a deletion before any one of the calls of a run', () => {
  it('of the SidecarSet ends the rollout: no fault, nobody else is taken, and it does not come back', async () => {
    await atEachCall(
      ({ cluster }) => cluster.drop(SIDECARSETS, { name: SET }),
      async (world) => {
        await world.settle({ most: 200 });
        world.expectKept();
        expect(world.cluster.readAll(SIDECARSETS)).toEqual([]);
        expect(world.on('v2').length).toBeLessThanOrEqual(2);
        expect(world.outcomes.at(-1)).toMatchObject({ kind: 'done' });
      },
    );
  });

  it('of the SidecarSet, and a namesake in its place, leaves the namesake a rollout of its own', async () => {
    await atEachCall(
      ({ cluster }) => {
        cluster.drop(SIDECARSETS, { name: SET });
        const set = makeSet('v3', STRATEGY);
        cluster.put(SIDECARSETS, { ...set, metadata: { ...set.metadata, uid: 'namesake' } });
      },
      async (world) => {
        world.send(RESYNC, 61);
        await world.settle();
        expect(world.on('v3')).toHaveLength(5);
        world.expectTruth();
        await world.expectSilence();
      },
    );
  });

  it('of a Pod that is to be taken leaves the others to be upgraded', async () => {
    await atEachCall(
      ({ cluster }) => cluster.drop(PODS, { namespace: 'default', name: 'web-0' }),
      async (world) => {
        await world.settle();
        expect(world.alive()).toHaveLength(4);
        await world.expectComplete();
      },
    );
  });
});

const annotated = (index: number, annotations: Record<string, string>): Pod => {
  const pod = webPod(index, 'v1');
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...annotations } },
  };
};

describe('a Pod whose annotation is broken', () => {
  it.each([
    'garbage',
    '[]',
    'null',
    '{"logs":5}',
    '{"logs":{"lastContainerStatuses":7}}',
    '{"logs":{"lastContainerStatuses":{"agent":null}}}',
    '{"logs":{"lastContainerStatuses":{"agent":{"imageID":7}}}}',
    '{"__proto__":{"a":1}}',
  ])('%s, the record of its updates, is upgraded: the record is written anew', async (text) => {
    const world = createWorld(makeSet('v2', STRATEGY), [
      annotated(0, { [ANNOTATION_INPLACE_UPDATE_STATE]: text }),
      webPod(1, 'v1'),
    ]);
    world.send(CHANGED);
    await world.settle();
    await world.expectComplete();
  });

  it.each(
    [ANNOTATION_HASH, ANNOTATION_HASH_WITHOUT_IMAGE].flatMap((key) =>
      ['{', '[]', '7', '{"logs":{}}', '{"logs":{"hash":"a"},"other":1}'].map((text) => ({ key, text })),
    ),
  )('$text in $key is left alone, and the others go on', async ({ key, text }) => {
    const world = createWorld(makeSet('v2', STRATEGY), [
      annotated(0, { [key]: text }),
      ...webPods(4, 'v1').slice(1),
    ]);
    world.send(CHANGED);
    await world.settle();
    expect(world.on('v2').sort()).toEqual(['web-1', 'web-2', 'web-3']);
    expect(world.pod(0).metadata.annotations?.[key]).toBe(text);
    expect(world.status()).toMatchObject({
      matchedPods: 4,
      updatedPods: 3,
      waiting: [{ reason: 'AnnotationUnreadable', pods: 1, names: ['default/web-0'] }],
    });
    await world.expectSilence();
  });
});

describe('a namespace that is being terminated', () => {
  const terminating = throughAll(async ({ verb, resource, name }, perform) => {
    const isInside = name === 'web-0' || name === 'web-1' || resource === 'events';
    if (isInside && ['patch', 'evict', 'create'].includes(verb))
      throw clusterError(403, 'Forbidden', 'unable to create new content: the namespace is being terminated');
    return perform();
  });

  it('refuses its Pods, and the others are upgraded', async () => {
    const world = start();
    world.send(CHANGED);
    await world.settle({ through: terminating });
    world.expectKept();
    expect(world.on('v2').sort()).toEqual(['web-2', 'web-3', 'web-4']);
    expect(world.status().waiting).toMatchObject([{ reason: 'Refused', pods: 2 }]);
  });

  it('refuses evictions and Events, and the others are recreated', async () => {
    const world = await createCompleteWorld(5, STRATEGY, { owner: 'ReplicaSet' });
    changed(world, makeBeyond({ ways: 'recreate', strategy: STRATEGY }));
    await world.settle({ through: terminating });
    world.expectKept();
    expect(world.status()).toMatchObject({ updatedPods: 3, waiting: [{ reason: 'Refused', pods: 2 }] });
  });
});

/** Every value has the type that the CRD wants. */
const STATUSES: Record<string, (status: SidecarSetStatus) => unknown> = {
  'no status': () => undefined,
  'OpenKruise, which knows none of our fields': ({ matchedPods, updatedPods, readyPods }) => ({
    observedGeneration: 1,
    matchedPods,
    updatedPods,
    readyPods,
    updatedReadyPods: 0,
    latestRevision: 'logs-other',
    collisionCount: 0,
  }),
  'wrong counts': (status) => ({
    ...status,
    matchedPods: 99,
    updatedPods: -1,
    readyPods: 0,
    updatedReadyPods: 7,
  }),
  'a generation that is not there yet': (status) => ({ ...status, observedGeneration: 99 }),
  'a revision that does not exist': (status) => ({
    ...status,
    latestRevision: 'nonsense',
    collisionCount: -5,
  }),
  'reasons that mean nothing': (status) => ({
    ...status,
    waiting: [
      { reason: 'Nonsense', pods: -3 },
      { reason: 'BeyondImage', pods: 2_147_483_647 },
    ],
  }),
  'conditions that mean nothing': (status) => ({
    ...status,
    conditions: [
      { type: 'Progressing', status: 'Unknown' },
      { type: 'Degraded', status: 'True', reason: '' },
      { type: 'Mine', status: 'True', lastTransitionTime: '2026-03-01T12:00:00Z' },
    ],
  }),
  'a rollout that is over': (status) => ({
    ...status,
    conditions: [{ type: 'Progressing', status: 'False', observedGeneration: 1, reason: 'Complete' }],
  }),
  'a claim without an end': (status) => ({ ...status, claim: { ...status.claim, holder: 'ghost' } }),
  'a claim whose end means nothing': (status) => ({ ...status, claim: { holder: 'ghost', until: 'soon' } }),
  'a claim for ever': (status) => ({ ...status, claim: { holder: 'ghost', until: '9999-12-31T23:59:59Z' } }),
  'a claim that has ended': (status) => ({
    ...status,
    claim: { holder: 'ghost', until: '2026-03-01T11:00:00Z' },
  }),
  'a list that means nothing': (status) => ({
    ...status,
    claim: { ...status.claim, listed: 'x', at: 'never' },
  }),
  'a list of the future': (status) => ({
    ...status,
    claim: { ...status.claim, listed: '99999999999999', at: '2999-01-01T00:00:00Z' },
  }),
  'Pods on their way that are none': (status) => ({
    ...status,
    claim: { ...status.claim, inFlight: { pods: 50, names: ['nonsense', '/', 'default/gone', ''] } },
  }),
  'fewer than no Pods on their way': (status) => ({
    ...status,
    claim: { ...status.claim, inFlight: { pods: -7, names: [] } },
  }),
  'no claim': ({ claim: _, ...status }) => status,
  'a recreation of nobody': (status) => ({ ...status, recreating: {} }),
  'a recreation that means nothing': (status) => ({ ...status, recreating: { pods: -5, until: 'x' } }),
  'a recreation for ever': (status) => ({
    ...status,
    recreating: { pods: 1_000, until: '2999-01-01T00:00:00Z' },
  }),
};

/** As the API server would take it for a list. */
const noEmptyNames = throughAll(async ({ verb, name }, perform) => {
  if (verb === 'get' && name === '') throw new Error('a get without a name');
  return perform();
});

const write = (world: World, status: (before: SidecarSetStatus) => unknown): void => {
  const set = world.set();
  const before = set.status ?? { matchedPods: 0, updatedPods: 0, readyPods: 0 };
  world.cluster.put<SidecarSet>(SIDECARSETS, {
    ...set,
    status: status(before) as SidecarSetStatus | undefined,
  });
};

const expectHealed = async (world: World): Promise<void> => {
  await world.settle({ through: noEmptyNames });
  world.clock.pass(600);
  world.send(RESYNC);
  await world.settle({ through: noEmptyNames });
  // Within a day.
  expect(world.clock.now().getTime()).toBeLessThan(Date.parse('2026-03-02T12:00:00Z'));
  await world.expectComplete();
};

describe.each(Object.entries(STATUSES))('a status that says %s', (_, status) => {
  it('before the rollout does not keep it from its end', async () => {
    const world = createWorld(makeSet('v2', STRATEGY), webPods(5, 'v1'));
    write(world, status);
    world.send(RESYNC);
    await expectHealed(world);
  });

  it('in the middle does not keep it from its end', async () => {
    const world = start();
    await world.deliver(CHANGED);
    write(world, status);
    await expectHealed(world);
  });

  it('in the middle of a run does not keep the rollout from its end', async () => {
    const world = start();
    world.cluster.before('patch', 'pods', () => write(world, status));
    world.send(CHANGED);
    await expectHealed(world);
  });

  it('after the rollout is put right by the next resync', async () => {
    const world = start();
    world.send(CHANGED);
    await world.settle();
    write(world, status);
    world.send(RESYNC);
    await expectHealed(world);
  });

  it('does not keep a recreation from its end', async () => {
    const world = await createCompleteWorld(4, STRATEGY, { owner: 'StatefulSet' });
    changed(world, makeBeyond({ ways: 'recreate', strategy: STRATEGY }));
    write(world, status);
    await expectHealed(world);
  });
});
