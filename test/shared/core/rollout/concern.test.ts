import { describe, expect, it } from 'vitest';
import {
  type Announced,
  type Concern,
  concernOf,
  hasArrived,
} from '../../../../shared/core/rollout/concern.ts';
import type { Condition, Pod } from '../../../../shared/model/kubernetes.ts';
import type { Claim, SidecarSet, SidecarSetStatus, Waiting } from '../../../../shared/model/sidecarset.ts';
import {
  labelled,
  makeFleetPod,
  makeHotPod,
  makeHotSet,
  makeSet,
  restarted,
  starts,
  stopped,
  stops,
  upgraded,
} from '../../../support/fleet.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const JUST: Partial<Claim> = { at: '2026-03-01T11:59:58.500Z' };
const v2 = makeSet('v2');
const back = (index: number): Pod => restarted(upgraded(v2, makeFleetPod(index, 'v1')));
const BUDGET: Waiting[] = [{ reason: 'MaxUnavailable', pods: 1, names: ['default/web-9'] }];
const DEGRADED: Condition[] = [{ type: 'Degraded', status: 'True' }];

interface Stored {
  names?: string[];
  pods?: number;
  status?: Partial<SidecarSetStatus>;
  claim?: Partial<Claim>;
}
/** The SidecarSet after a run a minute ago. */
const stored = ({ names = [], pods = names.length, status, claim }: Stored = {}, set = v2): SidecarSet => ({
  ...set,
  status: {
    observedGeneration: 1,
    matchedPods: 3,
    updatedPods: 1,
    readyPods: 3,
    ...status,
    claim: {
      listed: '100',
      at: '2026-03-01T11:59:00.000Z',
      inFlight: { pods, names: names.map((name) => `default/${name}`) },
      ...claim,
    },
  },
});
const later = (seconds: number): Announced => ({ kind: 'later', seconds });
const LIST: Announced = { kind: 'list' };
const NOTHING: Concern = { kind: 'nothing' };
const pod = makeFleetPod(0, 'v1');

describe('a change of a Pod calls for', () => {
  it.each<{ name: string; set: SidecarSet; pod: Pod | undefined; expected: Concern }>([
    { name: 'there is no status', set: v2, pod, expected: LIST },
    { name: 'nothing was listed yet', set: stored({ claim: { listed: undefined } }), pod, expected: LIST },
    { name: 'another generation', set: stored({ status: { observedGeneration: 0 } }), pod, expected: LIST },
    {
      name: 'who is on the way is not known',
      set: stored({ claim: { inFlight: undefined } }),
      pod,
      expected: LIST,
    },
    {
      name: 'it is gone, Pods wait for it',
      set: stored({ status: { waiting: BUDGET } }),
      pod: undefined,
      expected: LIST,
    },
    { name: 'it is gone, the Pods were counted long ago', set: stored(), pod: undefined, expected: LIST },
    {
      name: 'it is gone, the Pods were counted just now',
      set: stored({ claim: JUST }),
      pod: undefined,
      expected: later(4),
    },
    {
      name: 'it is matched no more, the Pods were counted just now',
      set: stored({ claim: JUST }),
      pod: labelled(pod, { app: 'db' }),
      expected: later(4),
    },
    {
      name: 'it is on its way out, and Pods wait',
      set: stored({ status: { waiting: BUDGET }, claim: JUST }),
      pod: { ...pod, metadata: { ...pod.metadata, deletionTimestamp: 'x' } },
      expected: LIST,
    },
    {
      name: 'it is not on its way, counted just now',
      set: stored({ claim: JUST }),
      pod: stopped(pod),
      expected: later(4),
    },
    { name: 'it is not on its way, counted long ago', set: stored(), pod: stopped(pod), expected: LIST },
    {
      name: 'it is not on its way, though Pods wait: they wait for others',
      set: stored({ names: ['web-1'], status: { waiting: BUDGET }, claim: JUST }),
      pod: stopped(pod),
      expected: later(4),
    },
    {
      name: 'it is taken and still out',
      set: stored({ names: ['web-0'] }),
      pod: stopped(upgraded(v2, pod)),
      expected: NOTHING,
    },
    {
      name: 'it is taken and its node has not begun',
      set: stored({ names: ['web-0'] }),
      pod: upgraded(v2, pod),
      expected: NOTHING,
    },
    {
      name: 'it is taken and fails, which is new',
      set: stored({ names: ['web-0'] }),
      pod: stops(upgraded(v2, pod), 'agent', 'ErrImagePull'),
      expected: LIST,
    },
    {
      name: 'it is taken and fails, which the status says',
      set: stored({ names: ['web-0'], status: { conditions: DEGRADED } }),
      pod: stops(upgraded(v2, pod), 'agent', 'ErrImagePull'),
      expected: NOTHING,
    },
    {
      name: 'it is taken and fails, and the status says that nothing does',
      set: stored({ names: ['web-0'], status: { conditions: [{ type: 'Degraded', status: 'False' }] } }),
      pod: stops(upgraded(v2, pod), 'agent', 'ErrImagePull'),
      expected: LIST,
    },
    {
      name: 'it is taken and fails, and the conditions are garbage',
      set: stored({ names: ['web-0'], status: { conditions: [null] as unknown as Condition[] } }),
      pod: stops(upgraded(v2, pod), 'agent', 'ErrImagePull'),
      expected: LIST,
    },
    { name: 'it is back, the only one', set: stored({ names: ['web-0'] }), pod: back(0), expected: LIST },
    {
      name: 'it is back, and Pods wait for it',
      set: stored({ names: ['web-0', 'web-1'], status: { waiting: BUDGET } }),
      pod: back(0),
      expected: LIST,
    },
    {
      name: 'it is back, others were on their way: the last one is asked first',
      set: stored({ names: ['web-1', 'web-0', 'web-2'] }),
      pod: back(0),
      expected: { kind: 'unless', others: ['default/web-2', 'default/web-1'], otherwise: LIST },
    },
    {
      name: 'it is back, and may be one of those that are too many to be named',
      set: stored({ names: ['web-1'], pods: 2 }),
      pod: back(0),
      expected: { kind: 'unless', others: ['default/web-1'], otherwise: LIST },
    },
    {
      name: 'it is back, and may be one of too many; they were listed just now',
      set: stored({ names: ['web-1'], pods: 2, claim: JUST }),
      pod: back(0),
      expected: { kind: 'unless', others: ['default/web-1'], otherwise: later(4) },
    },
    {
      name: 'it is updated, and all that are on their way are named',
      set: stored({ names: ['web-1'], claim: JUST }),
      pod: back(0),
      expected: later(4),
    },
    {
      name: 'it is of the old revision, and not all that are on their way are named',
      set: stored({ names: ['web-1'], pods: 2, claim: JUST }),
      pod,
      expected: later(4),
    },
    {
      name: 'Pods wait for other reasons only',
      set: stored({ claim: JUST, status: { waiting: [{ reason: 'Partition', pods: 1, names: [] }] } }),
      pod: undefined,
      expected: later(4),
    },
  ])('$expected: $name', ({ set, pod: now, expected }) => {
    expect(concernOf(set, now, NOW)).toEqual(expected);
  });

  it('a list, when the new version of a hot upgrade has taken over', () => {
    const hot = makeHotSet('v2');
    const migrating = upgraded(hot, makeHotPod(0, 'v1'));
    const set = stored({ names: ['web-0'] }, hot);
    expect(concernOf(set, stops(migrating, 'mesh-2'), NOW)).toEqual(NOTHING);
    expect(concernOf(set, starts(migrating, 'mesh-2'), NOW)).toEqual(LIST);
  });

  it.each([
    { at: '2026-03-01T12:00:00.000Z', expected: later(5) },
    { at: '2026-03-01T11:59:59.999Z', expected: later(5) },
    { at: '2026-03-01T11:59:55.001Z', expected: later(1) },
    { at: '2026-03-01T11:59:55.000Z', expected: LIST },
    { at: '2026-03-01T12:00:00.001Z', expected: LIST },
    { at: 'soon', expected: LIST },
    { at: undefined, expected: LIST },
  ])('$expected, if the Pods were counted at $at', ({ at, expected }) => {
    expect(concernOf(stored({ claim: { at } }), undefined, NOW)).toEqual(expected);
  });
});

describe('a Pod that was on its way is so no longer', () => {
  it.each<{ name: string; pod: Pod | undefined; arrived: boolean }>([
    { name: 'it is gone', pod: undefined, arrived: true },
    { name: 'it is matched no more', pod: labelled(pod, { app: 'db' }), arrived: true },
    { name: 'it is back', pod: back(0), arrived: true },
    { name: 'its node has not begun', pod: upgraded(v2, pod), arrived: false },
    { name: 'it is out', pod: stopped(upgraded(v2, pod)), arrived: false },
  ])('$arrived: $name', ({ pod: now, arrived }) => {
    expect(hasArrived(v2, now)).toBe(arrived);
  });
});
