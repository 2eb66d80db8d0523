import { describe, expect, it } from 'vitest';
import { podPatch as patchFor } from '../../../../shared/core/rollout/podPatch.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_HASH_WITHOUT_IMAGE,
  ANNOTATION_INPLACE_UPDATE_STATE,
} from '../../../../shared/model/names.ts';
import type { SidecarSet } from '../../../../shared/model/sidecarset.ts';
import {
  makeFleetPod,
  makeNativePod,
  makeNativeSet,
  makeSet,
  patched,
  reporting,
  reshaped,
  restarted,
} from '../../../support/fleet.ts';

const podPatch = (set: SidecarSet, pod: Pod, revision: string, now: Date) =>
  patchFor(set, { pod, way: 'image' }, revision, now);
const NOW = new Date('2026-03-01T12:00:00.987Z');
const LATER = new Date('2026-03-01T13:00:00Z');
const annotated = (pod: Pod, annotations: Record<string, string>): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...annotations } },
});
const ENTRY = {
  updateTimestamp: '2026-03-01T12:00:00Z',
  hash: 'hash-v2',
  sidecarSetName: 'logs',
  sidecarList: ['agent'],
  controllerRevision: 'logs-rev2',
};

describe('the patch that upgrades a Pod', () => {
  it('changes the image, the hash and the update state of the listed version of this very Pod, and nothing else', () => {
    const pod = makeFleetPod(0, 'v1');
    expect(podPatch(makeSet('v2'), pod, 'logs-rev2', NOW)).toEqual({
      metadata: {
        uid: 'uid-0',
        resourceVersion: '1',
        annotations: {
          [ANNOTATION_HASH]: JSON.stringify({ logs: ENTRY }),
          [ANNOTATION_INPLACE_UPDATE_STATE]:
            '{"logs":{"revision":"hash-v2","updateTimestamp":"2026-03-01T12:00:00Z",' +
            '"lastContainerStatuses":{"agent":{"imageID":"sha256:of-agent:v1"}}}}',
        },
      },
      spec: { containers: [{ name: 'agent', image: 'agent:v2' }] },
    });
  });

  it('brings revision and time of the update state up to date, and records the new imageID', () => {
    const first = makeFleetPod(0, 'v1');
    const second = restarted(patched(first, podPatch(makeSet('v2'), first, 'logs-rev2', NOW)));
    const { annotations } = podPatch(makeSet('v3'), second, 'logs-rev3', LATER).metadata;
    expect(JSON.parse(annotations[ANNOTATION_INPLACE_UPDATE_STATE] ?? '')).toEqual({
      logs: {
        revision: 'hash-v3',
        updateTimestamp: '2026-03-01T13:00:00Z',
        lastContainerStatuses: { agent: { imageID: 'sha256:of-agent:v2' } },
      },
    });
    expect(JSON.parse(annotations[ANNOTATION_HASH] ?? '')).toMatchObject({
      logs: { hash: 'hash-v3', updateTimestamp: '2026-03-01T13:00:00Z' },
    });
  });

  it('leaves the entries of other SidecarSets as they are, in the older form too', () => {
    const pod = annotated(makeFleetPod(0, 'v1'), {
      [ANNOTATION_HASH]: '{"logs":"hash-v1","elder":"old"}',
      [ANNOTATION_HASH_WITHOUT_IMAGE]: '{"logs":"shape","elder":"old"}',
      [ANNOTATION_INPLACE_UPDATE_STATE]:
        '{"other":{"revision":"r","updateTimestamp":"t","lastContainerStatuses":{}}}',
    });
    const { annotations } = podPatch(makeSet('v2'), pod, 'logs-rev2', NOW).metadata;
    expect(annotations[ANNOTATION_HASH]).toBe(
      `{"elder":{"updateTimestamp":null,"hash":"old","sidecarSetName":"elder","sidecarList":null},"logs":${JSON.stringify(ENTRY)}}`,
    );
    expect(JSON.parse(annotations[ANNOTATION_INPLACE_UPDATE_STATE] ?? '')).toMatchObject({
      other: { revision: 'r' },
    });
  });

  it('records nothing of a container that never ran', () => {
    const pod = makeFleetPod(0, 'v1');
    const { annotations } = podPatch(makeSet('v2'), { ...pod, status: {} }, 'r', NOW).metadata;
    expect(annotations[ANNOTATION_INPLACE_UPDATE_STATE]).toContain('"lastContainerStatuses":{"agent":{}}');
  });

  it('writes the entries even if no image differs', () => {
    const patch = podPatch(
      makeSet('v2'),
      { ...makeFleetPod(0, 'v1'), spec: makeFleetPod(0, 'v2').spec },
      'r',
      NOW,
    );
    expect(patch.spec).toBeUndefined();
    expect(patch.metadata.annotations[ANNOTATION_INPLACE_UPDATE_STATE]).toContain(
      '"lastContainerStatuses":{}',
    );
  });
});

describe('the patch of a Pod with a native sidecar', () => {
  it.each([
    { whose: 'a native one of its SidecarSet', set: makeNativeSet('v2') },
    { whose: 'a plain one that was injected as a native one', set: makeSet('v2') },
  ])('changes the image among the init containers, and lists the sidecar: $whose', ({ set }) => {
    const patch = podPatch(set, makeNativePod(0, 'v1'), 'logs-rev2', NOW);
    expect(patch.spec).toEqual({ initContainers: [{ name: 'agent', image: 'agent:v2' }] });
    expect(JSON.parse(patch.metadata.annotations[ANNOTATION_HASH] ?? '')).toEqual({ logs: ENTRY });
    expect(JSON.parse(patch.metadata.annotations[ANNOTATION_INPLACE_UPDATE_STATE] ?? '')).toMatchObject({
      logs: { lastContainerStatuses: { agent: { imageID: 'sha256:of-agent:v1' } } },
    });
  });

  it('finds each of several sidecars where it stands in this Pod', () => {
    const containers = ['agent', 'proxy'].map((name) => ({ name, image: `${name}:v2` }));
    const { spec, ...pod } = makeNativePod(0, 'v1');
    const mixed = {
      ...pod,
      spec: { ...spec, containers: [...spec.containers, { name: 'proxy', image: 'p:v1' }] },
    };
    expect(podPatch(makeSet('v2', {}, { containers }), mixed, 'r', NOW).spec).toEqual({
      initContainers: [{ name: 'agent', image: 'agent:v2' }],
      containers: [{ name: 'proxy', image: 'proxy:v2' }],
    });
  });

  it('leaves plain init containers as they are: they have run', () => {
    const set = makeSet('v2', {}, { initContainers: [{ name: 'setup', image: 'setup:v2' }] });
    const pod = makeFleetPod(0, 'v1');
    const initContainers = [{ name: 'setup', image: 'setup:v1' }];
    const patch = podPatch(set, { ...pod, spec: { ...pod.spec, initContainers } }, 'r', NOW);
    expect(patch.spec).toEqual({ containers: [{ name: 'agent', image: 'agent:v2' }] });
  });
});

describe('the annotations of an upgrade', () => {
  it.each([
    { policy: undefined, before: undefined, given: 'new', written: 'new' },
    { policy: 'Retain', before: 'old', given: 'new', written: undefined },
    { policy: 'Overwrite', before: 'old', given: 'new', written: 'new' },
    { policy: 'Overwrite', before: 'same', given: 'same', written: undefined },
    {
      policy: 'MergePatchJson',
      before: '{"a":1,"b":2}',
      given: '{"a":null,"c":3}',
      written: '{"b":2,"c":3}',
    },
    { policy: 'Sometimes', before: 'old', given: 'new', written: undefined },
  ])('under $policy make $written of $before and $given', ({ policy, before, given, written }) => {
    const set = makeSet(
      'v2',
      {},
      { patchPodMetadata: [{ annotations: { note: given }, patchPolicy: policy }] },
    );
    const pod = annotated(makeFleetPod(0, 'v1'), before === undefined ? {} : { note: before });
    expect(podPatch(set, pod, 'r', NOW).metadata.annotations['note']).toBe(written);
  });

  it('hold the containerID beside the imageID, so that a moved tag is seen', () => {
    const pod = reporting(makeFleetPod(0, 'v1'), 'agent', { containerID: 'containerd://1' });
    const { annotations } = podPatch(makeSet('v2'), pod, 'r', NOW).metadata;
    expect(JSON.parse(annotations[ANNOTATION_INPLACE_UPDATE_STATE] ?? '')).toMatchObject({
      logs: {
        lastContainerStatuses: { agent: { imageID: 'sha256:of-agent:v1', containerID: 'containerd://1' } },
      },
    });
  });

  it('bring a record of foreign form into order, and drop containers that the SidecarSet has no more', () => {
    const pod = annotated(makeFleetPod(0, 'v1'), {
      [ANNOTATION_INPLACE_UPDATE_STATE]:
        '{"logs":{"revision":"x","lastContainerStatuses":{"gone":{"imageID":"A"},"agent":7}}}',
    });
    const { annotations } = podPatch(makeSet('v2'), pod, 'r', NOW).metadata;
    expect(JSON.parse(annotations[ANNOTATION_INPLACE_UPDATE_STATE] ?? '').logs).toEqual({
      revision: 'hash-v2',
      updateTimestamp: '2026-03-01T12:00:00Z',
      lastContainerStatuses: { agent: { imageID: 'sha256:of-agent:v1' } },
    });
  });

  it.each(['{', 'null', '[]', '"x"'])('replace a record that is %s', (text) => {
    const pod = annotated(makeFleetPod(0, 'v1'), { [ANNOTATION_INPLACE_UPDATE_STATE]: text });
    const { annotations } = podPatch(makeSet('v2'), pod, 'r', NOW).metadata;
    expect(Object.keys(JSON.parse(annotations[ANNOTATION_INPLACE_UPDATE_STATE] ?? ''))).toEqual(['logs']);
  });

  it('hold the hash without images only after a resize', () => {
    const set = reshaped(makeSet('v2'), 'larger');
    const pod = makeFleetPod(0, 'v1');
    expect(podPatch(set, pod, 'r', NOW).metadata.annotations).not.toHaveProperty([
      ANNOTATION_HASH_WITHOUT_IMAGE,
    ]);
    const { annotations } = patchFor(set, { pod, way: 'resize' }, 'r', NOW).metadata;
    expect(JSON.parse(annotations[ANNOTATION_HASH_WITHOUT_IMAGE] ?? '')).toEqual({
      logs: {
        updateTimestamp: '2026-03-01T12:00:00Z',
        hash: 'larger',
        sidecarSetName: 'logs',
        sidecarList: ['agent'],
      },
    });
  });
});
