import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptBack } from '../../../../shared/core/rollout/partition.ts';
import {
  type Plan,
  planRollout as planOf,
  type Situation,
  withReasons,
} from '../../../../shared/core/rollout/plan.ts';
import { isAvailable } from '../../../../shared/core/rollout/ready.ts';
import { isUpdated } from '../../../../shared/core/rollout/updated.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import { ANNOTATION_HASH, ANNOTATION_HASH_WITHOUT_IMAGE } from '../../../../shared/model/names.ts';
import type { SidecarSet, UpdateStrategy } from '../../../../shared/model/sidecarset.ts';
import {
  fleet,
  labelled,
  makeFleetPod,
  makeSet,
  remembering,
  restarted,
  stopped,
  upgraded,
} from '../../../support/fleet.ts';
import { isUp, nodesCatchUp, play, run, sidecarImages, steps, type World, worlds } from './world.ts';

/** The plan with bare Pods in place of upgrades. */
const planRollout = (set: SidecarSet, matched: Pod[], situation: Partial<Situation> = {}) => {
  const plan = planOf(set, { matched, ...situation });
  return { ...plan, upgrades: plan.upgrades.map(({ pod }) => pod) };
};
const names = (pods: Pod[]): string[] => pods.map(({ metadata }) => metadata.name);
const withAnnotation = (pod: Pod, key: string, value: string): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, [key]: value } },
});

describe('a plan', () => {
  it.each<{ name: string; strategy: UpdateStrategy; moved: number; code: string }>([
    { name: 'the defaults move one', strategy: {}, moved: 1, code: 'RolloutMoved' },
    {
      name: 'the partition keeps 9 of 10',
      strategy: { partition: '90%', maxUnavailable: '20%' },
      moved: 1,
      code: 'RolloutMoved',
    },
    {
      name: 'maxUnavailable bounds the batch',
      strategy: { maxUnavailable: '20%' },
      moved: 2,
      code: 'RolloutMoved',
    },
    {
      name: 'the partition bounds the batch',
      strategy: { partition: 7, maxUnavailable: 5 },
      moved: 3,
      code: 'RolloutMoved',
    },
    { name: 'a full partition keeps all', strategy: { partition: '100%' }, moved: 0, code: 'RolloutNothing' },
    { name: 'no Pod may be down', strategy: { maxUnavailable: 0 }, moved: 0, code: 'RolloutWaiting' },
    { name: 'paused', strategy: { paused: true }, moved: 0, code: 'RolloutPaused' },
    { name: 'NotUpdate', strategy: { type: 'NotUpdate' }, moved: 0, code: 'RolloutFrozen' },
    {
      name: 'any other type acts as RollingUpdate',
      strategy: { type: 'Whatever' },
      moved: 1,
      code: 'RolloutMoved',
    },
  ])('of 10 old Pods moves $moved: $name', ({ strategy, moved, code }) => {
    const plan = planRollout(makeSet('v2', strategy), fleet(10, 'v1'));
    expect(plan).toMatchObject({ code, counts: { matchedPods: 10, updatedPods: 0, readyPods: 10 } });
    expect(plan.upgrades).toHaveLength(moved);
  });

  it.each<{ field: string; strategy: UpdateStrategy }>([
    { field: 'spec.updateStrategy.selector', strategy: { selector: {} } },
    { field: 'spec.updateStrategy.partition', strategy: { partition: '5' } },
    { field: 'spec.updateStrategy.maxUnavailable', strategy: { maxUnavailable: -1 } },
  ])('moves nothing and names $field, which is not valid', ({ field, strategy }) => {
    const plan = planRollout(makeSet('v2', strategy), fleet(3, 'v1'));
    expect(plan).toMatchObject({
      code: 'RolloutInvalid',
      fields: [field],
      upgrades: [],
      counts: { matchedPods: 3 },
    });
  });

  it('refuses a SidecarSet without hashes rather than take every Pod for updated', () => {
    const set = makeSet('v2');
    const plan = planRollout({ ...set, metadata: { ...set.metadata, annotations: {} } }, fleet(3, 'v1'));
    expect(plan).toMatchObject({ code: 'RolloutUnhashed', upgrades: [], counts: { updatedPods: 0 } });
  });

  it('leaves Pods that differ in more than images, and names them', () => {
    const other = withAnnotation(
      makeFleetPod(0, 'v1'),
      ANNOTATION_HASH_WITHOUT_IMAGE,
      '{"logs":{"hash":"other"}}',
    );
    const plan = planRollout(makeSet('v2', { maxUnavailable: 5 }), [other, makeFleetPod(1, 'v1')]);
    expect(names(plan.notUpgradable)).toEqual(['web-0']);
    expect(names(plan.upgrades)).toEqual(['web-1']);
  });

  it('reads the older form of the hash annotations', () => {
    const elder = [ANNOTATION_HASH, ANNOTATION_HASH_WITHOUT_IMAGE].reduce(
      (pod, key) =>
        withAnnotation(pod, key, key === ANNOTATION_HASH ? '{"logs":"hash-v1"}' : '{"logs":"shape"}'),
      makeFleetPod(0, 'v1'),
    );
    expect(names(planRollout(makeSet('v2'), [elder]).upgrades)).toEqual(['web-0']);
    expect(planRollout(makeSet('v1'), [elder]).counts.updatedPods).toBe(1);
  });

  it('leaves a Pod with unreadable hashes alone, and says why', () => {
    const garbled = withAnnotation(makeFleetPod(0, 'v1'), ANNOTATION_HASH_WITHOUT_IMAGE, '[1]');
    const { upgrades, waits } = planRollout(makeSet('v2'), [garbled]);
    expect(upgrades).toEqual([]);
    expect(waits).toMatchObject([{ reason: 'AnnotationUnreadable' }]);
  });

  it('counts a Pod that was just patched as updated but not ready', () => {
    const set = makeSet('v2');
    const pods = [
      upgraded(set, makeFleetPod(0, 'v1')),
      makeFleetPod(1, 'v1'),
      restarted(upgraded(set, makeFleetPod(2, 'v1'))),
    ];
    expect(planRollout(set, pods).counts).toEqual({
      matchedPods: 3,
      updatedPods: 2,
      readyPods: 2,
      updatedReadyPods: 1,
    });
  });

  it('leaves a Pod that is in flight to an older revision until it has arrived', () => {
    const flying = upgraded(makeSet('v1.5'), makeFleetPod(0, 'v1'));
    expect(planRollout(makeSet('v2'), [flying]).upgrades).toEqual([]);
    expect(names(planRollout(makeSet('v2'), [restarted(flying)]).upgrades)).toEqual(['web-0']);
  });

  it('fixes a bad image free of budget, and goes on with one healthy Pod', () => {
    const broken = stopped(upgraded(makeSet('bad'), makeFleetPod(0, 'v1')));
    const plan = planRollout(makeSet('v2'), [makeFleetPod(1, 'v1'), broken, makeFleetPod(2, 'v1')]);
    expect(names(plan.upgrades)).toEqual(['web-0', 'web-1']);
  });

  it('stops when a bad image has used up the budget', () => {
    const set = makeSet('bad', { maxUnavailable: 1 });
    const plan = planRollout(set, [stopped(upgraded(set, makeFleetPod(0, 'v1'))), makeFleetPod(1, 'v1')]);
    expect(plan).toMatchObject({ code: 'RolloutWaiting', upgrades: [] });
  });

  it('can move nothing when a rollback meets the same partition', () => {
    const pods = [...fleet(3, 'v2'), ...[3, 4, 5].map((index) => makeFleetPod(index, 'v1'))];
    expect(planRollout(makeSet('v1', { partition: 3, maxUnavailable: 6 }), pods).upgrades).toEqual([]);
  });
});

/** A fleet under a rollout. What the node does comes in any order. */
interface Simulation {
  pods: Pod[];
  /** Pods that served when they were taken and have not come back. */
  out: Set<string>;
}

const playBatch = (set: SidecarSet, simulation: Simulation): number => {
  const { upgrades } = planRollout(set, simulation.pods);
  for (const pod of upgrades) {
    const serving = pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
    if (serving) simulation.out.add(pod.metadata.name);
    simulation.pods[simulation.pods.indexOf(pod)] = upgraded(set, pod);
  }
  return upgrades.length;
};

const nodeActs = (
  set: SidecarSet,
  { pods, out }: Simulation,
  index: number,
  step: 'stop' | 'start',
): void => {
  const pod = pods[index % pods.length];
  if (pod === undefined || !isUpdated(set, pod)) return;
  pods[index % pods.length] = step === 'stop' ? stopped(pod) : restarted(pod);
  if (step === 'start') out.delete(pod.metadata.name);
};

const amount = fc.oneof(
  fc.nat(12),
  fc.nat(120).map((percent) => `${percent}%`),
);
const situation = fc.record({
  ready: fc.array(fc.boolean(), { minLength: 1, maxLength: 10 }),
  partition: amount,
  maxUnavailable: fc.oneof(
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 120 }).map((percent) => `${percent}%`),
  ),
  steps: fc.array(fc.tuple(fc.constantFrom('batch' as const, 'stop' as const, 'start' as const), fc.nat(9)), {
    maxLength: 60,
  }),
});

describe('a rollout, whatever order its Pods come back in', () => {
  it('never takes more serving Pods than maxUnavailable, and never one that the partition keeps', () => {
    fc.assert(
      fc.property(situation, ({ ready, partition, maxUnavailable, steps }) => {
        const set = makeSet('v2', { partition, maxUnavailable });
        const pods = ready.map((isReady, index) => makeFleetPod(index, 'v1', { ready: isReady }));
        const simulation: Simulation = { pods, out: new Set() };
        const limit =
          typeof maxUnavailable === 'number'
            ? maxUnavailable
            : Math.ceil((Number.parseInt(maxUnavailable, 10) * pods.length) / 100);
        for (const [step, index] of steps) {
          if (step === 'batch') playBatch(set, simulation);
          else nodeActs(set, simulation, index, step);
          expect(simulation.out.size).toBeLessThanOrEqual(limit);
          const old = simulation.pods.filter((pod) => !isUpdated(set, pod)).length;
          expect(old).toBeGreaterThanOrEqual(keptBack(partition, pods.length));
        }
      }),
    );
  });

  it('ends with exactly the Pods that the partition keeps on the old revision', () => {
    fc.assert(
      fc.property(situation, ({ ready, partition, maxUnavailable }) => {
        const set = makeSet('v2', { partition, maxUnavailable });
        const pods = ready.map((isReady, index) => makeFleetPod(index, 'v1', { ready: isReady }));
        const simulation: Simulation = { pods, out: new Set() };
        while (playBatch(set, simulation) > 0) {
          for (const index of pods.keys()) nodeActs(set, simulation, index, 'start');
        }
        const old = simulation.pods.filter((pod) => !isUpdated(set, pod));
        expect(old).toHaveLength(keptBack(partition, pods.length));
      }),
    );
  });

  it('costs no budget to take a Pod that is not ready', () => {
    const broken = [0, 1, 2].map((index) => makeFleetPod(index, 'v1', { ready: false }));
    const plan = planRollout(makeSet('v2', { maxUnavailable: 1 }), [
      ...fleet(3, 'v1').map((pod, index) => ({ ...pod, metadata: { ...pod.metadata, name: `ok-${index}` } })),
      ...broken,
    ]);
    expect(names(plan.upgrades)).toEqual(['web-0', 'web-1', 'web-2', 'ok-0']);
  });
});

const limitOf = ({ set, pods }: World): number => {
  const given = set.spec.updateStrategy?.maxUnavailable ?? 1;
  return typeof given === 'number' ? given : Math.ceil((Number.parseInt(given, 10) * pods.length) / 100);
};
const oldPods = ({ set, pods }: World): Pod[] => pods.filter((pod) => !isUpdated(set, pod));
const keptIn = ({ set, pods }: World): number =>
  keptBack(set.spec.updateStrategy?.partition ?? 0, pods.length);

const expectEachOnce = (pods: Pod[]): void => {
  expect(new Set(pods).size).toBe(pods.length);
};

/** What holds of every plan, `world` being as it was before the writes. */
const expectSound = (world: World, plan: Plan): void => {
  const taken = plan.upgrades.map(({ pod }) => pod);
  const waits = plan.waits.map(({ pod }) => pod);
  expectEachOnce(taken);
  expectEachOnce(waits);
  const old = oldPods(world);
  expect(taken.filter((pod) => !old.includes(pod))).toEqual([]);
  expect(plan.flips.filter((pod) => !world.pods.includes(pod))).toEqual([]);
  expect(taken.filter((pod) => waits.includes(pod) || plan.flips.includes(pod))).toEqual([]);

  const { selector, partition = 0 } = world.set.spec.updateStrategy ?? {};
  if (selector) expect(taken.every(({ metadata }) => metadata.labels?.['track'] === 'canary')).toBe(true);
  if (taken.length > 0)
    expect(old.length - taken.length).toBeGreaterThanOrEqual(keptBack(partition, world.pods.length));

  expect(taken.filter(isUp).length).toBeLessThanOrEqual(plan.budget);
  const first = plan.line.findIndex(({ pod }) => isUp(pod));
  const free = plan.line.slice(0, first === -1 ? plan.line.length : first);
  expect(plan.upgrades.slice(0, free.length)).toEqual(free);

  const here = new Set([...waits, ...plan.line.map(({ pod }) => pod)]);
  const elsewhere = world.pods.filter((pod) => !here.has(pod));
  expect(elsewhere.every((pod) => isUpdated(world.set, pod) && isAvailable(world.set, pod))).toBe(true);
};

/** As many Pods stay on an old revision as must, of `first` that were; all others have the wanted image and no other. */
const expectEnded = (world: World, { first, tag }: { first: number; tag: string }): void => {
  const left = oldPods(world);
  const selected = left.filter(({ metadata }) => metadata.labels?.['track'] === 'canary');
  if (!world.set.spec.updateStrategy?.selector) expect(left).toHaveLength(Math.min(first, keptIn(world)));
  else if (selected.length > 0) expect(left.length).toBeLessThanOrEqual(keptIn(world));
  for (const pod of world.pods.filter((one) => !left.includes(one))) {
    expect(sidecarImages(pod)).toEqual([expect.stringMatching(new RegExp(`:${tag}$`))]);
  }
};

/** Runs until nothing moves any more, every node doing what it is told; the last plan. */
const settle = (world: World): Plan => {
  for (let quiet = 0, runs = 0; quiet < 2 && runs < 60; runs++) {
    const { upgrades, flips } = run(world);
    quiet = upgrades.length + flips.length === 0 ? quiet + 1 : 0;
    nodesCatchUp(world);
  }
  return run(world);
};

describe('a rollout, whatever it is about and whatever happens meanwhile', () => {
  it('never has more Pods out that it has taken than maxUnavailable, across changes of the spec, and keeps all else', () => {
    fc.assert(
      fc.property(worlds(), steps, (world, list) => {
        for (const step of list) {
          const before: World = { ...world, pods: [...world.pods], out: new Set(world.out) };
          const plan = play(world, step);
          expect(world.out.size).toBeLessThanOrEqual(limitOf(world));
          if (plan) expectSound(before, plan);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('takes the same Pods in the same order, whatever the order of the list', () => {
    fc.assert(
      fc.property(
        worlds(),
        steps,
        fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
        (world, list, keys) => {
          for (const step of list.slice(0, 25)) play(world, step);
          const shuffled = [...world.pods.entries()]
            .toSorted(([a], [b]) => (keys[a] ?? 0) - (keys[b] ?? 0))
            .map(([, pod]) => pod);
          const [one, other] = [world.pods, shuffled].map((matched) => planOf(world.set, { matched }));
          expect(other?.upgrades).toEqual(one?.upgrades);
          expect(other?.line).toEqual(one?.line);
          expect(new Set(other?.flips)).toEqual(new Set(one?.flips));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes the same Pods, whatever the order of the list, where every value of a label is scattered', () => {
    const pods = ['b', 'b', 'a', 'a', undefined, undefined].map((zone, index) =>
      labelled(makeFleetPod(index, 'v1'), zone === undefined ? {} : { zone }),
    );
    const set = makeSet('v2', { scatterStrategy: [{ key: 'zone', value: '*' }], maxUnavailable: 9 });
    const lines = [pods, pods.toReversed()].map((matched) => names(planRollout(set, matched).upgrades));
    expect(lines[1]).toEqual(lines[0]);
  });

  it('comes to its end once all nodes do what they are told, with the wanted image in every updated Pod', () => {
    fc.assert(
      fc.property(worlds(1), steps, fc.constantFrom('v1', 'v2', 'v9'), (world, list, tag) => {
        for (const step of list) play(world, step);
        play(world, { do: 'apply', tag });
        const first = oldPods(world).length;
        const last = settle(world);
        const kept = last.waits.filter(({ reason }) => reason === 'Partition' || reason === 'NotSelected');
        const names = new Set(kept.map(({ pod }) => pod.metadata.name));
        expect([last.upgrades, last.flips]).toEqual([[], []]);
        expect(last.held.filter(({ metadata }) => !names.has(metadata.name))).toEqual([]);
        expect([...world.out].filter((name) => !names.has(name))).toEqual([]);

        expectEnded(world, { first, tag });
      }),
      { numRuns: 300 },
    );
  });
});

describe('Pods that broke', () => {
  const broken = (index: number): Pod => stopped(upgraded(makeSet('bad'), makeFleetPod(index, 'v1')));
  const healthy = [5, 6, 7].map((index) => makeFleetPod(index, 'v1'));

  it('by the last batch hold its budget after the image was fixed, and are the first to get it', () => {
    const set = remembering(makeSet('v3', { maxUnavailable: 2 }), 2, ['default/web-0', 'default/web-1']);
    expect(names(planRollout(set, [...healthy, broken(0), broken(1)]).upgrades)).toEqual(['web-0', 'web-1']);
  });

  it('by themselves cost nothing', () => {
    const set = remembering(makeSet('v3', { maxUnavailable: 2 }), 0);
    expect(names(planRollout(set, [...healthy, broken(0), broken(1)]).upgrades)).toEqual([
      'web-0',
      'web-1',
      'web-5',
      'web-6',
    ]);
  });

  it('by themselves cost nothing, though as many others were on their way, which are back', () => {
    const selector = { matchLabels: { track: 'canary' } };
    const set = remembering(makeSet('v3', { selector }), 1, ['default/web-5']);
    const pods = [...healthy.map((pod) => labelled(pod, { track: 'canary' })), broken(0)];
    expect(names(planRollout(set, pods).upgrades)).toEqual(['web-5']);
  });
});

describe('a plan where the API server said no', () => {
  it('has each of these Pods wait for that reason, and for no other', () => {
    const [first, second, third] = fleet(3, 'v1') as [Pod, Pod, Pod];
    const plan = planOf(makeSet('v2'), { matched: [first, second, third] });
    const told = withReasons(
      plan,
      new Map([
        [first, 'Refused'],
        [third, 'DisruptionBudget'],
      ] as const),
    );
    expect(told.upgrades).toEqual([]);
    expect(told.waits).toEqual([
      { pod: second, reason: 'MaxUnavailable' },
      { pod: first, reason: 'Refused' },
      { pod: third, reason: 'DisruptionBudget' },
    ]);
  });
});
