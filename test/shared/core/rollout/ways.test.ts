import { describe, expect, it } from 'vitest';
import { flipPatch } from '../../../../shared/core/rollout/podPatch.ts';
import { isChosen, isWay, wayOf } from '../../../../shared/core/rollout/ways.ts';
import type { OwnerReference, Pod } from '../../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_HASH_WITHOUT_IMAGE,
  ANNOTATION_TERMINATION,
} from '../../../../shared/model/names.ts';
import type { SidecarSet, SidecarSetSpec, UpdateStrategy } from '../../../../shared/model/sidecarset.ts';
import {
  annotated,
  labelled,
  makeFleetPod,
  makeHotPod,
  makeHotSet,
  makeSet,
  marked,
  patched,
  reshaped,
  starts,
  stopped,
  upgraded,
  withSpec,
} from '../../../support/fleet.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const JOBS = 'serverless.sidecarset.io/upgrade-jobs';
const BEYOND = 'serverless.sidecarset.io/beyond-image';
const old = makeFleetPod(0, 'v1');
const owned = (pod: Pod): Pod => {
  const owner: OwnerReference = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: 'web',
    uid: 'r',
    controller: true,
  };
  return { ...pod, metadata: { ...pod.metadata, ownerReferences: [owner] } };
};
const merging = (annotations: Record<string, string>): SidecarSetSpec => ({
  patchPodMetadata: [{ annotations, patchPolicy: 'MergePatchJson' }],
});
const selector = { matchLabels: { track: 'canary' } };

describe('a Pod is chosen', () => {
  it.each<{ why: string; strategy: UpdateStrategy | undefined; pod: Pod; chosen: boolean }>([
    { why: 'there is no strategy', strategy: undefined, pod: old, chosen: true },
    { why: 'there is no selector', strategy: {}, pod: old, chosen: true },
    {
      why: 'the selector matches it',
      strategy: { selector },
      pod: labelled(old, { track: 'canary' }),
      chosen: true,
    },
    {
      why: 'the selector matches another',
      strategy: { selector },
      pod: labelled(old, { track: 'stable' }),
      chosen: false,
    },
    {
      why: 'an expression matches it',
      strategy: { selector: { matchExpressions: [{ key: 'track', operator: 'DoesNotExist' }] } },
      pod: old,
      chosen: true,
    },
  ])('$chosen: $why', ({ strategy, pod, chosen }) => {
    expect(isChosen(makeSet('v2', strategy), pod)).toBe(chosen);
  });
});

describe('the way of a Pod that is not updated', () => {
  it.each<{ name: string; set?: SidecarSet; pod: Pod; way: string }>([
    { name: 'only images differ', pod: old, way: 'image' },
    { name: 'it is not ready', pod: stopped(old), way: 'image' },
    {
      name: 'the selector does not match it',
      set: makeSet('v2', { selector }),
      pod: old,
      way: 'NotSelected',
    },
    {
      name: 'the selector does not match it, and it runs to completion, and is unreadable',
      set: makeSet('v2', { selector }),
      pod: annotated(withSpec(old, { restartPolicy: 'Never' }), { [ANNOTATION_HASH]: '{' }),
      way: 'NotSelected',
    },
    { name: 'it is under Always', pod: withSpec(old, { restartPolicy: 'Always' }), way: 'image' },
    { name: 'it is under Never', pod: withSpec(old, { restartPolicy: 'Never' }), way: 'RunsToCompletion' },
    {
      name: 'it is under OnFailure',
      pod: withSpec(old, { restartPolicy: 'OnFailure' }),
      way: 'RunsToCompletion',
    },
    {
      name: 'it is under Never, and the SidecarSet asks for it',
      set: marked(makeSet('v2'), { [JOBS]: 'true' }),
      pod: withSpec(old, { restartPolicy: 'Never' }),
      way: 'image',
    },
    {
      name: 'it is under OnFailure, and the SidecarSet asks for it',
      set: marked(makeSet('v2'), { [JOBS]: 'true' }),
      pod: withSpec(old, { restartPolicy: 'OnFailure' }),
      way: 'image',
    },
    ...(['Never', 'OnFailure'] as const).map((restartPolicy) => ({
      name: `it is under ${restartPolicy}, the SidecarSet asks for it, but its sidecars are being ended`,
      set: marked(makeSet('v2'), { [JOBS]: 'true' }),
      pod: annotated(withSpec(old, { restartPolicy }), { [ANNOTATION_TERMINATION]: '{}' }),
      way: 'RunsToCompletion' as const,
    })),
    {
      name: 'it is under Always, where a record of ended sidecars means nothing',
      pod: annotated(withSpec(old, { restartPolicy: 'Always' }), { [ANNOTATION_TERMINATION]: '{}' }),
      way: 'image',
    },
    {
      name: 'it is under Never, and the SidecarSet says false',
      set: marked(makeSet('v2'), { [JOBS]: 'false' }),
      pod: withSpec(old, { restartPolicy: 'Never' }),
      way: 'RunsToCompletion',
    },
    {
      name: 'it is under Never, and the SidecarSet says neither true nor false',
      set: marked(makeSet('v2'), { [JOBS]: 'True' }),
      pod: withSpec(old, { restartPolicy: 'Never' }),
      way: 'RunsToCompletion',
    },
    {
      name: 'its hashes are no JSON',
      pod: annotated(old, { [ANNOTATION_HASH]: '{' }),
      way: 'AnnotationUnreadable',
    },
    {
      name: 'its hashes are null',
      pod: annotated(old, { [ANNOTATION_HASH]: 'null' }),
      way: 'AnnotationUnreadable',
    },
    {
      name: 'the entry of another SidecarSet in its hashes is a number',
      pod: annotated(old, { [ANNOTATION_HASH]: '{"logs":"hash-v1","other":7}' }),
      way: 'AnnotationUnreadable',
    },
    {
      name: 'its hashes without images are a list',
      pod: annotated(old, { [ANNOTATION_HASH_WITHOUT_IMAGE]: '[]' }),
      way: 'AnnotationUnreadable',
    },
    {
      name: 'its hashes without images are of another SidecarSet only',
      pod: annotated(old, { [ANNOTATION_HASH_WITHOUT_IMAGE]: '{"other":"shape"}' }),
      way: 'BeyondImage',
    },
    {
      name: 'an annotation to merge into is no JSON',
      set: makeSet('v2', {}, merging({ note: '{"a":1}' })),
      pod: annotated(old, { note: 'hello' }),
      way: 'AnnotationUnreadable',
    },
    {
      name: 'an annotation to merge into is JSON',
      set: makeSet('v2', {}, merging({ note: '{"a":1}' })),
      pod: annotated(old, { note: '{"b":2}' }),
      way: 'image',
    },
    {
      name: 'an annotation that is no JSON is replaced',
      set: makeSet(
        'v2',
        {},
        { patchPodMetadata: [{ annotations: { note: 'x' }, patchPolicy: 'Overwrite' }] },
      ),
      pod: annotated(old, { note: 'hello' }),
      way: 'image',
    },
    { name: 'it is on its way to another revision', pod: upgraded(makeSet('v1.5'), old), way: 'InFlight' },
    {
      name: 'it was on its way to another revision, and is down',
      pod: stopped(upgraded(makeSet('v1.5'), old)),
      way: 'image',
    },
    { name: 'it differs in more than images', set: reshaped(makeSet('v2')), pod: old, way: 'BeyondImage' },
    {
      name: 'it differs in more than images, and has no controller',
      set: marked(reshaped(makeSet('v2')), { [BEYOND]: 'recreate' }),
      pod: old,
      way: 'NotRecreatable',
    },
    {
      name: 'it differs in more than images, and its owner makes another',
      set: marked(reshaped(makeSet('v2')), { [BEYOND]: 'recreate' }),
      pod: owned(old),
      way: 'recreate',
    },
    {
      name: 'it could be upgraded in place, though recreation is allowed',
      set: marked(makeSet('v2'), { [BEYOND]: 'resize,recreate' }),
      pod: owned(old),
      way: 'image',
    },
    {
      name: 'its hashes are no JSON, and a fresh Pod would have new ones',
      set: marked(makeSet('v2'), { [BEYOND]: 'recreate' }),
      pod: owned(annotated(old, { [ANNOTATION_HASH]: '{' })),
      way: 'recreate',
    },
    {
      name: 'its hashes are no JSON, and it has no controller',
      set: marked(makeSet('v2'), { [BEYOND]: 'recreate' }),
      pod: annotated(old, { [ANNOTATION_HASH]: '{' }),
      way: 'AnnotationUnreadable',
    },
    {
      name: 'it runs to completion, and recreation is allowed',
      set: marked(reshaped(makeSet('v2')), { [BEYOND]: 'recreate', [JOBS]: 'true' }),
      pod: owned(withSpec(old, { restartPolicy: 'OnFailure' })),
      way: 'NotRecreatable',
    },
  ])('is $way: $name', ({ set = makeSet('v2'), pod, way }) => {
    const answer = wayOf(set, pod, []);
    expect(answer).toBe(way);
    expect(isWay(answer)).toBe(['image', 'resize', 'recreate'].includes(way));
  });

  it('is not recreate where the webhook would refuse the Pod that its owner makes in its place', () => {
    // The template carries the annotation, most likely: the fresh Pod would have it again.
    const set = marked(makeSet('v2', {}, merging({ note: '{"a":1}' })), { [BEYOND]: 'recreate' });
    expect(wayOf(set, owned(annotated(old, { note: 'hello' })), [])).toBe('AnnotationUnreadable');
  });

  it('of a hot upgrade is Migrating while the hand-over to an older revision is due, and InFlight until the flip arrived', () => {
    const [first, second] = [makeHotSet('v2'), makeHotSet('v3')];
    const taken = upgraded(first, makeHotPod(0, 'v1'));
    expect(wayOf(second, taken, [])).toBe('InFlight');
    const due = starts(taken, 'mesh-2');
    expect(wayOf(second, due, [])).toBe('Migrating');
    const flipped = patched(due, flipPatch(first, due, NOW));
    expect(wayOf(second, flipped, [])).toBe('InFlight');
    expect(wayOf(second, starts(flipped, 'mesh-1'), [])).toBe('image');
  });
});
