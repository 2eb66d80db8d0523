/** Worlds for property tests: a SidecarSet, its Pods and their nodes, moved on by steps in any order. */
import fc from 'fast-check';
import { claimed } from '../../../../shared/core/rollout/claim.ts';
import { type Plan, planRollout } from '../../../../shared/core/rollout/plan.ts';
import { flipPatch, podPatch } from '../../../../shared/core/rollout/podPatch.ts';
import { statusAfter } from '../../../../shared/core/rollout/status.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import type { IntOrString, SidecarSet, UpdateStrategy } from '../../../../shared/model/sidecarset.ts';
import {
  EMPTY,
  labelled,
  makeFleetPod,
  makeHotPod,
  makeHotSet,
  makeNativePod,
  makeNativeSet,
  makeSet,
  patched,
  starts,
  stops,
} from '../../../support/fleet.ts';

export const NOW = new Date('2026-03-01T12:00:00Z');
const MOST_PODS = 6;

/** `moved`: a plain sidecar that was injected as a native one. */
export type Kind = 'plain' | 'native' | 'moved' | 'hot';

const SETS = { plain: makeSet, native: makeNativeSet, moved: makeSet, hot: makeHotSet };
const PODS = { plain: makeFleetPod, native: makeNativePod, moved: makeNativePod, hot: makeHotPod };

export interface World {
  kind: Kind;
  set: SidecarSet;
  pods: Pod[];
  /** Names of Pods that served when they were taken, and are not back. */
  out: Set<string>;
}

export type Step =
  | { do: 'run' }
  /** A run that dies between its Pods and its status. */
  | { do: 'die' }
  /** Another image, which no node can run if it is `bad`. */
  | { do: 'apply'; tag: string }
  /** What one node does to one of its containers. */
  | { do: 'stop' | 'start' | 'crash'; pod: number; container: number };

/** The Pod's node reports it as ready. */
export const reportsReady = (pod: Pod): boolean =>
  pod.status?.phase === 'Running' &&
  (pod.status.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');

const specOf = (pod: Pod) => [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
const statusesOf = (pod: Pod) => [
  ...(pod.status?.initContainerStatuses ?? []),
  ...(pod.status?.containerStatuses ?? []),
];

/** Containers that do not run what the spec wants, or are not ready. */
const openContainers = (pod: Pod): string[] =>
  specOf(pod)
    .filter(({ name, image }) => {
      const status = statusesOf(pod).find((one) => one.name === name);
      return status?.image !== image || !status?.ready;
    })
    .map(({ name }) => name);

/** Images of all that is not `main` and not empty. */
export const sidecarImages = (pod: Pod): (string | undefined)[] =>
  specOf(pod).flatMap(({ name, image }) => (name === 'main' || image === EMPTY ? [] : [image]));

/** Two versions of a hot-upgraded sidecar run. */
const isDouble = (pod: Pod): boolean =>
  pod.spec.containers.filter(({ name, image }) => name.startsWith('mesh-') && image !== EMPTY).length > 1;

/** By our own count: ready, and with one version of the sidecar. */
export const isUp = (pod: Pod): boolean => reportsReady(pod) && !isDouble(pod);

const isBack = (pod: Pod): boolean => isUp(pod) && openContainers(pod).length === 0;

const pick = <T>(list: T[], index: number): T | undefined => list[index % list.length];

const replace = (world: World, from: Pod, to: Pod): void => {
  world.pods[world.pods.indexOf(from)] = to;
  if (isBack(to)) world.out.delete(to.metadata.name);
};

/** The writes of a run under its claim; the plan that it acted on. */
const write = (world: World, held: SidecarSet): Plan => {
  const plan = planRollout(held, { matched: world.pods });
  for (const pod of plan.flips) replace(world, pod, patched(pod, flipPatch(held, pod, NOW)));
  for (const { pod, way } of plan.upgrades) {
    if (isUp(pod)) world.out.add(pod.metadata.name);
    replace(world, pod, patched(pod, podPatch(held, { pod, way }, 'logs-1', NOW)));
  }
  return plan;
};

/** One run as `functions/rollout` does it: under its claim, with the status at the end. */
export const run = (world: World): Plan => {
  const held = claimed(world.set, 'run', NOW);
  const plan = write(world, held);
  const findings = {
    plan: planRollout(held, { matched: world.pods }),
    matched: world.pods.length,
    evicted: 0,
    latestRevision: 'logs-1',
    collisionCount: 0,
    isDoubtful: false,
    now: NOW,
  };
  world.set = { ...world.set, status: statusAfter(held, findings, { listed: '1', at: NOW }) };
  return plan;
};

const die = (world: World): Plan => {
  world.set = claimed(world.set, 'run', NOW);
  return write(world, world.set);
};

const apply = (world: World, tag: string): void => {
  const { metadata, spec, status } = world.set;
  const next = SETS[world.kind](tag, spec.updateStrategy);
  const generation = (metadata.generation ?? 0) + 1;
  world.set = {
    ...next,
    metadata: { ...next.metadata, generation, resourceVersion: `${generation}` },
    status,
  };
};

const runsBadImage = (pod: Pod, name: string): boolean =>
  specOf(pod)
    .find((one) => one.name === name)
    ?.image?.endsWith(':bad') ?? false;

const nodeActs = (world: World, step: 'stop' | 'start' | 'crash', at: number, container: number): void => {
  const pod = pick(world.pods, at);
  if (pod === undefined) return;
  const names = step === 'crash' ? specOf(pod).map(({ name }) => name) : openContainers(pod);
  const name = pick(names, container);
  if (name === undefined) return;
  const fails = step !== 'start' || runsBadImage(pod, name);
  replace(
    world,
    pod,
    fails ? stops(pod, name, step === 'start' ? 'ErrImagePull' : undefined) : starts(pod, name),
  );
};

export const play = (world: World, step: Step): Plan | undefined => {
  if (step.do === 'run') return run(world);
  if (step.do === 'die') return die(world);
  if (step.do === 'apply') apply(world, step.tag);
  else nodeActs(world, step.do, step.pod, step.container);
  return undefined;
};

/** Every node runs what its Pods' specs want. */
export const nodesCatchUp = (world: World): void => {
  for (const index of world.pods.keys()) {
    for (let container = 3; container >= 0; container--) nodeActs(world, 'start', index, container);
  }
};

const amount = (least: number): fc.Arbitrary<IntOrString> =>
  fc.oneof(
    fc.integer({ min: least, max: MOST_PODS + 1 }),
    fc.integer({ min: least, max: 120 }).map((percent) => `${percent}%`),
  );

const matching = (key: string, value: string) => ({ matchLabels: { [key]: value } });

const strategies = (leastUnavailable: number) =>
  fc.record(
    {
      partition: amount(0),
      maxUnavailable: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(1, 2) }, amount(leastUnavailable)),
      selector: fc.constant(matching('track', 'canary')),
      priorityStrategy: fc.oneof(
        fc.constant({ weightPriority: [{ weight: 5, matchSelector: matching('zone', 'a') }] }),
        fc.constant({ orderPriority: [{ orderedKey: 'rank' }] }),
      ),
      scatterStrategy: fc.subarray([
        { key: 'zone', value: 'a' },
        { key: 'zone', value: 'b' },
      ]),
    },
    { requiredKeys: [] },
  );

const labels = fc.record(
  {
    track: fc.constantFrom('canary', 'stable'),
    zone: fc.constantFrom('a', 'b'),
    rank: fc.constantFrom('r-1', 'r-2'),
  },
  { requiredKeys: [] },
);

const seeds = fc.array(fc.record({ labels, ready: fc.boolean() }), { minLength: 1, maxLength: MOST_PODS });

/** All Pods carry `v1`, which the SidecarSet wants no more. */
export const worlds = (leastUnavailable = 0): fc.Arbitrary<World> =>
  fc
    .record({
      kind: fc.constantFrom<Kind>('plain', 'native', 'moved', 'hot'),
      strategy: strategies(leastUnavailable),
      seeds,
    })
    .map(({ kind, strategy, seeds: list }) => ({
      kind,
      set: SETS[kind]('v2', strategy as UpdateStrategy),
      pods: list.map((seed, index) => {
        const pod = labelled(PODS[kind](index, 'v1'), seed.labels as Record<string, string>);
        return seed.ready ? pod : stops(pod, 'main');
      }),
      out: new Set<string>(),
    }));

const nodeStep = fc.record({
  do: fc.constantFrom<'stop' | 'start' | 'crash'>('stop', 'stop', 'start', 'start', 'start', 'crash'),
  pod: fc.nat(MOST_PODS - 1),
  container: fc.nat(3),
});

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Step>({ do: 'run' }) },
    { weight: 1, arbitrary: fc.constant<Step>({ do: 'die' }) },
    { weight: 16, arbitrary: nodeStep as fc.Arbitrary<Step> },
    {
      weight: 2,
      arbitrary: fc.constantFrom('bad', 'v3', 'v1', 'v2').map((tag): Step => ({ do: 'apply', tag })),
    },
  ),
  { maxLength: 60, size: 'max' },
);
