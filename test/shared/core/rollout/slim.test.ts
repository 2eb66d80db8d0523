import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resizePatch, wayBeyondImage } from '../../../../shared/core/rollout/beyondImage.ts';
import { findingsToWrite } from '../../../../shared/core/rollout/condition.ts';
import { conditionsAfter } from '../../../../shared/core/rollout/conditions.ts';
import { matchedPods } from '../../../../shared/core/rollout/matched.ts';
import { planRollout } from '../../../../shared/core/rollout/plan.ts';
import { flipPatch, podPatch } from '../../../../shared/core/rollout/podPatch.ts';
import { slimPod } from '../../../../shared/core/rollout/slim.ts';
import type { ContainerState, OwnerReference, Pod } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSet } from '../../../../shared/model/sidecarset.ts';
import {
  annotated,
  historyOfSets,
  makeFleetPod,
  makeSet,
  marked,
  ofRevision,
  reshaped,
  withSpec,
} from '../../../support/fleet.ts';
import { NOW, play, steps, worlds } from './world.ts';

const state: fc.Arbitrary<ContainerState> = fc.oneof(
  fc.constant({ running: { startedAt: '2026-03-01T11:00:00Z' } }),
  fc
    .constantFrom('ImagePullBackOff', 'CreateContainerConfigError', 'ContainerCreating', undefined)
    .map((reason) => ({
      waiting: { reason, message: 'm' },
    })),
  fc.nat(2).map((exitCode) => ({ terminated: { exitCode, reason: 'Error', containerID: 'c' } })),
);

const owner = (controller: boolean): OwnerReference => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  name: 'web',
  uid: 'r',
  controller,
});

/** What others write into Pods, and what a rollout may look at. */
const traits = fc.record({
  generation: fc.option(fc.nat(3), { nil: undefined }),
  observedGeneration: fc.option(fc.nat(3), { nil: undefined }),
  owners: fc.option(fc.array(fc.boolean().map(owner), { maxLength: 2 }), { nil: undefined }),
  restartPolicy: fc.constantFrom('Always' as const, 'OnFailure' as const, 'Never' as const, undefined),
  nodeName: fc.constantFrom('node', undefined),
  phase: fc.constantFrom('Running' as const, 'Pending' as const, 'Succeeded' as const, undefined),
  deleted: fc.boolean(),
  annotations: fc.dictionary(
    fc.constantFrom(
      'note',
      'apps.kruise.io/container-launch-priority-completed',
      'kruise.io/sidecarset-hash',
      'kruise.io/sidecarset-inplace-update-state',
      'kubectl.kubernetes.io/last-applied-configuration',
    ),
    fc.constantFrom('true', '{', '{"a":1}'),
    { maxKeys: 2 },
  ),
  cpu: fc.constantFrom('1', '2', undefined),
  barrier: fc.boolean(),
  state,
  containerID: fc.constantFrom('containerd://1', undefined),
  restarts: fc.nat(2),
  condition: fc.constantFrom('{"logs":false}', '{"logs":true}', '{"other":false}', 'x', undefined),
});
type Traits = typeof traits extends fc.Arbitrary<infer T> ? T : never;

const dressed = (pod: Pod, given: Traits): Pod => {
  const { cpu, barrier, condition } = given;
  const env = [
    { name: 'A', value: 'long'.repeat(9) },
    ...(barrier
      ? [
          {
            name: 'KRUISE_CONTAINER_BARRIER',
            valueFrom: { configMapKeyRef: { name: `${pod.metadata.name}-barrier`, key: 'p_1' } },
          },
        ]
      : []),
  ];
  const resources = cpu === undefined ? undefined : { limits: { cpu } };
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      generation: given.generation,
      ownerReferences: given.owners,
      finalizers: ['f'],
      ...(given.deleted && { deletionTimestamp: '2026-03-01T12:00:00Z' }),
      managedFields: [
        { manager: 'm', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} },
      ],
      annotations: { ...pod.metadata.annotations, ...given.annotations },
    },
    spec: {
      ...pod.spec,
      restartPolicy: given.restartPolicy,
      nodeName: given.nodeName,
      volumes: [{ name: 'v', emptyDir: {} }],
      containers: pod.spec.containers.map((one) => ({
        ...one,
        env,
        resources,
        ports: [{ containerPort: 80 }],
      })),
    },
    status: {
      ...pod.status,
      phase: given.phase,
      observedGeneration: given.observedGeneration,
      podIP: '10.0.0.1',
      conditions: [
        ...(pod.status?.conditions ?? []),
        ...(condition === undefined
          ? []
          : [
              {
                type: 'SidecarSetUpgradable',
                status: 'False' as const,
                message: condition,
                lastProbeTime: null,
              },
            ]),
      ],
      containerStatuses: pod.status?.containerStatuses?.map((one, index) =>
        index === 0
          ? one
          : {
              ...one,
              started: true,
              lastState: {},
              containerID: given.containerID,
              restartCount: given.restarts,
              state: given.state,
            },
      ),
    },
  };
};

/** All that a run would do with these Pods, by name. */
const decisions = (set: SidecarSet, all: Pod[]): object => {
  const matched = matchedPods(set, all);
  const plan = planRollout(set, { matched });
  const names = (pods: Pod[]) => pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  return {
    ...plan,
    line: plan.line.map(({ pod, way }) => [pod.metadata.name, way]),
    upgrades: plan.upgrades.map((upgrade) => podPatch(set, upgrade, 'logs-9', NOW)),
    flips: plan.flips.map((pod) => flipPatch(set, pod, NOW)),
    notUpgradable: names(plan.notUpgradable),
    held: names(plan.held),
    waits: plan.waits.map(({ pod, reason }) => [pod.metadata.name, reason]),
    resizes: matched.map((pod) => resizePatch(set, pod)),
    conditions: conditionsAfter(set, plan, new Date('2026-03-01T15:00:00Z')),
    findings: findingsToWrite(set, matched, plan.notUpgradable).map(({ pod, upgradable }) => [
      pod.metadata.name,
      upgradable,
    ]),
  };
};

describe('a slim Pod', () => {
  it('is decided on as the whole one is, whatever stands in it', () => {
    fc.assert(
      fc.property(
        worlds(),
        steps,
        fc.array(traits, { minLength: 8, maxLength: 8 }),
        fc.record({ other: fc.boolean(), recreate: fc.boolean(), jobs: fc.boolean(), note: fc.boolean() }),
        (world, list, dresses, { other, recreate, jobs, note }) => {
          for (const step of list.slice(0, 20)) play(world, step);
          const marks = {
            ...(recreate && { 'serverless.sidecarset.io/beyond-image': 'recreate' }),
            ...(jobs && { 'serverless.sidecarset.io/upgrade-jobs': 'true' }),
          };
          const set = marked(other ? reshaped(world.set) : world.set, marks);
          const patchPodMetadata = note
            ? [{ annotations: { note: '{"b":2}' }, patchPolicy: 'MergePatchJson' }]
            : undefined;
          const sized = set.spec.containers?.map((one) => ({ ...one, resources: { limits: { cpu: '2' } } }));
          const full = { ...set, spec: { ...set.spec, containers: sized, patchPodMetadata } };
          const pods = world.pods.map((pod, index) => dressed(pod, dresses[index] as Traits));
          expect(decisions(full, pods.map(slimPod))).toEqual(decisions(full, pods));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is resized as the whole one is', () => {
    const before = makeSet('v1', {}, { containers: [{ name: 'agent', image: 'agent:v1' }] });
    const after = makeSet(
      'v2',
      {},
      {
        containers: [{ name: 'agent', image: 'agent:v2', resources: { limits: { cpu: '2' } } }],
      },
    );
    const history = historyOfSets(before);
    const set = marked(reshaped(after), { 'serverless.sidecarset.io/beyond-image': 'resize' });
    const pod = slimPod(ofRevision(makeFleetPod(0, 'v1'), history[0]));
    expect(wayBeyondImage(set, pod, history)).toBe('resize');
  });

  it('stays slim', () => {
    const slim = slimPod(makeFleetPod(0, 'v1'));
    expect(slimPod(slim)).toEqual(slim);
  });

  it('has none of the long texts', () => {
    const long = annotated(withSpec(makeFleetPod(0, 'v1'), { volumes: [{ name: 'v', emptyDir: {} }] }), {
      'kubectl.kubernetes.io/last-applied-configuration': 'x'.repeat(9999),
    });
    expect(JSON.stringify(slimPod(long)).length).toBeLessThan(3000);
  });

  it.each<{ name: string; pod: Pod }>([
    { name: 'a status', pod: { ...makeFleetPod(0, 'v1'), status: undefined } },
    { name: 'annotations and labels', pod: { metadata: { name: 'p' }, spec: { containers: [] } } },
  ])('may lack $name', ({ pod }) => {
    expect(() => planRollout(makeSet('v2'), { matched: [slimPod(pod)] })).not.toThrow();
  });
});
