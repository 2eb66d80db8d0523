import { describe, expect, it } from 'vitest';
import { podPatch as patchFor } from '../../../../shared/core/rollout/podPatch.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import {
  ANNOTATION_HASH,
  ANNOTATION_HASH_WITHOUT_IMAGE,
  ANNOTATION_INPLACE_UPDATE_STATE,
} from '../../../../shared/model/names.ts';
import type { SidecarSet } from '../../../../shared/model/sidecarset.ts';
import { makeFleetPod, makeSet, patched, restarted } from '../../../support/fleet.ts';

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
