/** Pods that run to completion, and the annotations that a SidecarSet gives its Pods. */
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { ANNOTATION_UPGRADE_JOBS } from '../../../shared/model/names.ts';
import { PODS } from '../../../shared/model/resources.ts';
import type { SidecarSet, SidecarSetSpec } from '../../../shared/model/sidecarset.ts';
import { makeSet } from '../../support/fleet.ts';
import { webPod, webPods } from './webPods.ts';
import { CHANGED, changed, createWorld } from './world.ts';

const withAnnotations = (set: SidecarSet, annotations: Record<string, string>): SidecarSet => ({
  ...set,
  metadata: { ...set.metadata, annotations: { ...set.metadata.annotations, ...annotations } },
});

describe.each(['Never', 'OnFailure'] as const)('Pods of restartPolicy %s', (restartPolicy) => {
  const jobs = (count: number): Pod[] =>
    webPods(count, 'v1').map((pod) => ({ ...pod, spec: { ...pod.spec, restartPolicy } }));

  it('are left alone, and the status says why', async () => {
    const world = createWorld(makeSet('v2'), [...jobs(2), webPod(2, 'v1')]);
    world.send(CHANGED);
    await world.settle();
    expect(world.on('v2')).toEqual(['web-2']);
    world.expectTruth();
    expect(world.status().waiting).toMatchObject([{ reason: 'RunsToCompletion', pods: 2 }]);
    await world.expectSilence();
  });

  it('are upgraded where the SidecarSet asks for it, also if it does so later', async () => {
    const world = createWorld(makeSet('v2'), jobs(3));
    world.send(CHANGED);
    await world.settle();
    changed(world, withAnnotations(makeSet('v2'), { [ANNOTATION_UPGRADE_JOBS]: 'true' }));
    await world.settle();
    await world.expectComplete();
  });

  it('are left alone where the annotation says something else, and nobody else is upgraded', async () => {
    const world = createWorld(withAnnotations(makeSet('v2'), { [ANNOTATION_UPGRADE_JOBS]: 'yes' }), jobs(1));
    expect(await world.run()).toMatchObject({ code: 'RolloutInvalid' });
    expect(world.on('v2')).toEqual([]);
  });
});

describe('patchPodMetadata on upgrade', () => {
  type Patch = NonNullable<SidecarSetSpec['patchPodMetadata']>[number];
  const KEY = 'example.com/config';

  it.each<{ patchPolicy: string | undefined; before: string | undefined; given: string; after: string }>([
    { patchPolicy: undefined, before: 'a', given: 'b', after: 'a' },
    { patchPolicy: 'Retain', before: 'a', given: 'b', after: 'a' },
    { patchPolicy: 'Retain', before: undefined, given: 'b', after: 'b' },
    { patchPolicy: 'Overwrite', before: 'a', given: 'b', after: 'b' },
    { patchPolicy: 'Overwrite', before: undefined, given: 'b', after: 'b' },
    {
      patchPolicy: 'MergePatchJson',
      before: '{"a":1,"b":2}',
      given: '{"b":null,"c":3}',
      after: '{"a":1,"c":3}',
    },
  ])('$patchPolicy makes $before $after', async ({ patchPolicy, before, given, after }) => {
    const patch: Patch = { annotations: { [KEY]: given }, patchPolicy };
    const pods = webPods(2, 'v1').map((pod) => ({
      ...pod,
      metadata: {
        ...pod.metadata,
        annotations: { ...pod.metadata.annotations, ...(before === undefined ? {} : { [KEY]: before }) },
      },
    }));
    const world = createWorld(makeSet('v2', { maxUnavailable: 2 }, { patchPodMetadata: [patch] }), pods);
    world.send(CHANGED);
    await world.settle();
    expect(world.alive().map(({ metadata }) => metadata.annotations?.[KEY])).toEqual([after, after]);
    await world.expectComplete();
  });

  it('leaves a Pod alone whose value can not be merged, and goes on with the others', async () => {
    const patch: Patch = { annotations: { [KEY]: '{"a":1}' }, patchPolicy: 'MergePatchJson' };
    const world = createWorld(makeSet('v2', {}, { patchPodMetadata: [patch] }), webPods(3, 'v1'));
    const pod = world.pod(0);
    const annotations = { ...pod.metadata.annotations, [KEY]: 'no JSON' };
    world.cluster.put(PODS, { ...pod, metadata: { ...pod.metadata, annotations } });
    world.send(CHANGED);
    await world.settle();
    expect(world.on('v2')).toEqual(['web-1', 'web-2']);
    expect(world.pod(0).metadata.annotations?.[KEY]).toBe('no JSON');
    expect(world.status().waiting).toMatchObject([
      { reason: 'AnnotationUnreadable', names: ['default/web-0'] },
    ]);
    await world.expectSilence();
  });

  it('does not follow a change of the annotations alone: that is no new revision of the containers', async () => {
    const of = (value: string) =>
      makeSet('v1', {}, { patchPodMetadata: [{ annotations: { [KEY]: value }, patchPolicy: 'Overwrite' }] });
    const world = createWorld(of('a'), webPods(2, 'v1'));
    changed(world, of('b'));
    await world.settle();
    expect(world.alive().map(({ metadata }) => metadata.annotations?.[KEY])).toEqual([undefined, undefined]);
    await world.expectComplete();
  });
});
