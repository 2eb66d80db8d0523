import { describe, expect, it } from 'vitest';
import { notUpgradableEvent, resetEvent } from '../../../../shared/core/rollout/events.ts';
import type { SidecarSet, Waiting } from '../../../../shared/model/sidecarset.ts';
import { makeFleetPod, makeSet } from '../../../support/fleet.ts';

const NOW = new Date('2026-03-01T12:00:00.900Z');
const told = (waiting: Waiting[] | undefined): SidecarSet => ({
  ...makeSet('v2'),
  status: { matchedPods: 9, updatedPods: 0, readyPods: 9, waiting, claim: { holder: 'run-7' } },
});
const waits = (reason: Waiting['reason'], pods: number): Waiting => ({ reason, pods, names: [] });

describe('the event about Pods that can not be upgraded', () => {
  it('is OpenKruise’s, about the SidecarSet, and told once by a run', () => {
    expect(notUpgradableEvent(told(undefined), 3, NOW)).toEqual({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'logs.run-7', namespace: 'default' },
      type: 'Normal',
      reason: 'NotUpgradablePods',
      message: "3 Pods differ in more than images and can't be upgraded in place",
      involvedObject: {
        apiVersion: 'apps.kruise.io/v1beta1',
        kind: 'SidecarSet',
        namespace: undefined,
        name: 'logs',
        uid: 'set-uid',
      },
      source: { component: 'sidecarset-controller' },
      firstTimestamp: '2026-03-01T12:00:00Z',
      lastTimestamp: '2026-03-01T12:00:00Z',
      count: 1,
    });
  });

  it.each<{ name: string; before: Waiting[] | undefined; count: number; told: boolean }>([
    { name: 'there are none', before: undefined, count: 0, told: false },
    { name: 'there are none any more', before: [waits('BeyondImage', 2)], count: 0, told: false },
    { name: 'as many as before', before: [waits('BeyondImage', 2)], count: 2, told: false },
    {
      name: 'as many as before, for several reasons',
      before: [waits('BeyondImage', 2), waits('InjectionPinned', 1), waits('NotRecreatable', 4)],
      count: 7,
      told: false,
    },
    { name: 'more than before', before: [waits('BeyondImage', 2)], count: 3, told: true },
    { name: 'fewer than before', before: [waits('BeyondImage', 2)], count: 1, told: true },
    {
      name: 'others waited before',
      before: [waits('Partition', 2), waits('NotSelected', 1)],
      count: 2,
      told: true,
    },
    { name: 'nobody waited before', before: [], count: 1, told: true },
  ])('is told, $told: $name', ({ before, count, told: expected }) => {
    expect(notUpgradableEvent(told(before), count, NOW) !== undefined).toBe(expected);
  });
});

describe('the event about the end of a hot upgrade', () => {
  it.each([
    { isDone: true, type: 'Normal', reason: 'ResetContainerSucceed' },
    { isDone: false, type: 'Warning', reason: 'ResetContainerFailed' },
  ])('is $reason, beside the Pod, and told once for a version of it', ({ isDone, type, reason }) => {
    expect(resetEvent(makeFleetPod(3, 'v2'), isDone, NOW)).toMatchObject({
      metadata: { name: 'uid-3.1.reset', namespace: 'default' },
      type,
      reason,
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web-3', uid: 'uid-3' },
      source: { component: 'sidecarset-controller' },
    });
  });
});
