import { describe, expect, it } from 'vitest';
import { conditionsAfter, formerConditions } from '../../../../shared/core/rollout/conditions.ts';
import { planRollout, type Situation } from '../../../../shared/core/rollout/plan.ts';
import type { Condition, ContainerState, Pod } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSet, SidecarSetSpec, UpdateStrategy } from '../../../../shared/model/sidecarset.ts';
import {
  annotated,
  fleet,
  makeFleetPod,
  makeHotPod,
  makeHotSet,
  makeSet,
  reporting,
  reshaped,
  restarted,
  starts,
  stopped,
  stops,
  upgraded,
  withSpec,
} from '../../../support/fleet.ts';

const NOW = new Date('2026-03-01T12:00:00.500Z');
const at = (minutes: number, seconds = 0): Date => new Date(Date.UTC(2026, 2, 1, 12, minutes, seconds));

const conditions = (set: SidecarSet, matched: Pod[], situation: Partial<Situation> & { now?: Date } = {}) => {
  const { now = NOW, ...rest } = situation;
  return conditionsAfter(set, planRollout(set, { matched, ...rest }), now);
};
const find = (list: Condition[], type: string): Condition | undefined =>
  list.find((condition) => condition.type === type);
const brief = (list: Condition[], type: string): string | undefined => {
  const condition = find(list, type);
  return condition && `${condition.status} ${condition.reason}`;
};
const told = (set: SidecarSet, list: Condition[]): SidecarSet => ({
  ...set,
  status: { matchedPods: 0, updatedPods: 0, readyPods: 0, conditions: list },
});
const generation = (set: SidecarSet, number: number): SidecarSet => ({
  ...set,
  metadata: { ...set.metadata, generation: number },
});
const failing = (
  index: number,
  state: ContainerState = { waiting: { reason: 'ImagePullBackOff', message: 'no' } },
): Pod => reporting(upgraded(makeSet('v2'), makeFleetPod(index, 'v1')), 'agent', { ready: false, state });

describe('Progressing', () => {
  const v2 = makeSet('v2');

  it.each<{
    name: string;
    strategy?: UpdateStrategy;
    spec?: SidecarSetSpec;
    pods: Pod[];
    missing?: number;
    expected: string;
  }>([
    { name: 'Pods are to be upgraded', pods: fleet(2, 'v1'), expected: 'True RollingUpdate' },
    {
      name: 'a Pod is on its way',
      pods: [upgraded(v2, makeFleetPod(0, 'v1'))],
      expected: 'True RollingUpdate',
    },
    {
      name: 'a Pod is not back',
      pods: [stopped(restarted(upgraded(v2, makeFleetPod(0, 'v1'))))],
      expected: 'True RollingUpdate',
    },
    { name: 'a Pod fails', pods: [failing(0)], expected: 'True RollingUpdate' },
    { name: 'an evicted Pod is missing', pods: fleet(2, 'v2'), missing: 1, expected: 'True RollingUpdate' },
    {
      name: 'a Pod is on its way to an older revision',
      pods: [upgraded(makeSet('v1.5'), makeFleetPod(0, 'v1'))],
      expected: 'True RollingUpdate',
    },
    { name: 'all are updated', pods: fleet(2, 'v2'), expected: 'False Complete' },
    { name: 'there are no Pods', pods: [], expected: 'False Complete' },
    {
      name: 'the rest is kept by the partition',
      strategy: { partition: 1 },
      pods: [makeFleetPod(0, 'v2'), makeFleetPod(1, 'v1')],
      expected: 'False Partitioned',
    },
    {
      name: 'the rest is kept by the selector',
      strategy: { selector: { matchLabels: { a: 'b' } } },
      pods: [makeFleetPod(0, 'v2'), makeFleetPod(1, 'v1')],
      expected: 'False Partitioned',
    },
    {
      name: 'a Pod runs to completion',
      pods: [withSpec(makeFleetPod(0, 'v1'), { restartPolicy: 'Never' })],
      expected: 'False PodsLeftAlone',
    },
    {
      name: 'a Pod can not be read',
      pods: [annotated(makeFleetPod(0, 'v1'), { 'kruise.io/sidecarset-hash': '{' })],
      expected: 'False PodsLeftAlone',
    },
    {
      name: 'a Pod is left alone and one is kept by the partition',
      strategy: { partition: 1 },
      pods: [withSpec(makeFleetPod(0, 'v1'), { restartPolicy: 'Never' }), makeFleetPod(1, 'v1')],
      expected: 'False PodsLeftAlone',
    },
    { name: 'paused', strategy: { paused: true }, pods: fleet(2, 'v1'), expected: 'False Paused' },
    {
      name: 'paused with Pods on their way',
      strategy: { paused: true },
      pods: [upgraded(v2, makeFleetPod(0, 'v1'))],
      expected: 'False Paused',
    },
    { name: 'frozen', strategy: { type: 'NotUpdate' }, pods: fleet(2, 'v1'), expected: 'False NotUpdate' },
    {
      name: 'frozen and paused',
      strategy: { type: 'NotUpdate', paused: true },
      pods: fleet(2, 'v1'),
      expected: 'False NotUpdate',
    },
    {
      name: 'not valid',
      strategy: { maxUnavailable: -1 },
      pods: fleet(2, 'v1'),
      expected: 'False InvalidStrategy',
    },
  ])('is $expected: $name', ({ strategy, pods, missing, expected }) => {
    expect(brief(conditions(makeSet('v2', strategy), pods, { missing }), 'Progressing')).toBe(expected);
  });

  it('is False PodsLeftAlone for Pods that differ in more than images', () => {
    expect(brief(conditions(reshaped(v2), fleet(2, 'v1')), 'Progressing')).toBe('False PodsLeftAlone');
  });

  it('names the fields that are not valid', () => {
    const list = conditions(makeSet('v2', { maxUnavailable: -1, partition: '5' }), []);
    expect(find(list, 'Progressing')?.message).toContain(
      'spec.updateStrategy.partition, spec.updateStrategy.maxUnavailable',
    );
  });

  it('counts the Pods', () => {
    const pods = [
      makeFleetPod(0, 'v2'),
      upgraded(v2, makeFleetPod(1, 'v1')),
      ...[2, 3].map((i) => makeFleetPod(i, 'v1')),
    ];
    expect(find(conditions(v2, pods), 'Progressing')?.message).toBe(
      '2 of 4 Pods updated, 1 on their way, 2 wait for those',
    );
  });

  const over = (set: SidecarSet): SidecarSet => told(set, conditions(set, fleet(2, 'v2')));

  it.each<{ name: string; pod: Pod }>([
    { name: 'crashes', pod: failing(0) },
    { name: 'is not ready', pod: makeFleetPod(0, 'v2', { ready: false }) },
  ])('does not begin again when a Pod $name after the end, but does in a new generation', ({ pod }) => {
    const set = over(v2);
    expect(brief(conditions(set, [pod]), 'Progressing')).toBe('False Complete');
    expect(brief(conditions(generation(set, 2), [pod]), 'Progressing')).toBe('True RollingUpdate');
  });

  it('does not begin again because Pods that were evicted are missing after the end', () => {
    expect(brief(conditions(over(v2), fleet(2, 'v2'), { missing: 1 }), 'Progressing')).toBe('False Complete');
  });

  it('begins again in the same generation when there are Pods to upgrade', () => {
    expect(brief(conditions(over(v2), fleet(2, 'v1')), 'Progressing')).toBe('True RollingUpdate');
  });

  it('goes on while Pods of the same rollout are not back', () => {
    const begun = told(v2, conditions(v2, fleet(1, 'v1')));
    expect(brief(conditions(begun, [failing(0)]), 'Progressing')).toBe('True RollingUpdate');
  });
});

describe('Available', () => {
  const down = (index: number): Pod => makeFleetPod(index, 'v1', { ready: false });

  it.each<{ name: string; maxUnavailable?: number | string; pods: Pod[]; expected: string; message: string }>(
    [
      {
        name: 'all are',
        pods: fleet(3, 'v1'),
        expected: 'True MinimumPodsAvailable',
        message: '3 of 3 Pods available, at least 2 wanted',
      },
      {
        name: 'as many as maxUnavailable are out',
        pods: [down(0), makeFleetPod(1, 'v1')],
        expected: 'True MinimumPodsAvailable',
        message: '1 of 2 Pods available, at least 1 wanted',
      },
      {
        name: 'more are out',
        pods: [down(0), down(1), makeFleetPod(2, 'v1')],
        expected: 'False TooFewPodsAvailable',
        message: '1 of 3 Pods available, at least 2 wanted',
      },
      {
        name: 'more may be out than there are',
        maxUnavailable: '200%',
        pods: [down(0)],
        expected: 'True MinimumPodsAvailable',
        message: '0 of 1 Pods available, at least 0 wanted',
      },
      {
        name: 'there are no Pods',
        pods: [],
        expected: 'True MinimumPodsAvailable',
        message: '0 of 0 Pods available, at least 0 wanted',
      },
    ],
  )('is $expected: $name', ({ maxUnavailable, pods, expected, message }) => {
    const list = conditions(makeSet('v2', { maxUnavailable }), pods);
    expect(brief(list, 'Available')).toBe(expected);
    expect(find(list, 'Available')?.message).toBe(message);
  });
});

describe('Degraded', () => {
  it.each<{ name: string; state: ContainerState; reason: string; cause: string }>([
    {
      name: 'an image that can not be pulled',
      state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off' } },
      reason: 'ImagePullBackOff',
      cause: 'container agent ImagePullBackOff: Back-off',
    },
    {
      name: 'a crash loop',
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      reason: 'CrashLoopBackOff',
      cause: 'container agent CrashLoopBackOff',
    },
  ])('has the containers’ own reason: $name', ({ state, reason, cause }) => {
    const list = conditions(makeSet('v2'), [failing(0, state), makeFleetPod(1, 'v1')]);
    expect(find(list, 'Degraded')).toMatchObject({
      status: 'True',
      reason,
      message: `1 updated Pods fail: ${cause} (default/web-0)`,
    });
  });

  it.each<{ name: string; state: ContainerState; reason: string; cause: string }>([
    {
      name: 'memory',
      state: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      reason: 'OOMKilled',
      cause: 'container agent OOMKilled: ended with exit code 137',
    },
    {
      name: 'an exit code',
      state: { terminated: { exitCode: 3 } },
      reason: 'Error',
      cause: 'container agent Error: ended with exit code 3',
    },
  ])('has the containers’ own reason after they started: $name', ({ state, reason, cause }) => {
    const running = restarted(upgraded(makeSet('v2'), makeFleetPod(0, 'v1')));
    const list = conditions(makeSet('v2'), [reporting(running, 'agent', { ready: false, state })]);
    expect(find(list, 'Degraded')).toMatchObject({
      status: 'True',
      reason,
      message: `1 updated Pods fail: ${cause} (default/web-0)`,
    });
  });

  it('is not True because the node ends the old container of an upgrade', () => {
    const ending = failing(0, { terminated: { exitCode: 143, reason: 'Error' } });
    expect(brief(conditions(makeSet('v2'), [ending]), 'Degraded')).toBe('False AsExpected');
  });

  it('names three Pods and counts all', () => {
    const list = conditions(
      makeSet('v2'),
      [0, 1, 2, 3].map((index) => failing(index)),
    );
    expect(find(list, 'Degraded')?.message).toBe(
      '4 updated Pods fail: container agent ImagePullBackOff: no (default/web-0, default/web-1, default/web-2 ...)',
    );
  });

  it('has the reason of a bad image of a hot upgrade', () => {
    const pod = stops(upgraded(makeHotSet('v2'), makeHotPod(0, 'v1')), 'mesh-2', 'ImagePullBackOff');
    expect(brief(conditions(makeHotSet('v2'), [pod]), 'Degraded')).toBe('True ImagePullBackOff');
  });

  it.each<{ name: string; pods: Pod[] }>([
    { name: 'all is well', pods: fleet(2, 'v2') },
    { name: 'Pods are on their way', pods: [upgraded(makeSet('v2'), makeFleetPod(0, 'v1'))] },
    {
      name: 'a Pod of the old revision fails',
      pods: [stops(makeFleetPod(0, 'v1'), 'agent', 'CrashLoopBackOff')],
    },
    {
      name: 'a Pod is about to start',
      pods: [stops(upgraded(makeSet('v2'), makeFleetPod(0, 'v1')), 'agent', 'ContainerCreating')],
    },
  ])('is False while $name', ({ pods }) => {
    expect(brief(conditions(makeSet('v2'), pods), 'Degraded')).toBe('False AsExpected');
  });

  const taken = upgraded(makeSet('v2'), makeFleetPod(0, 'v1'));
  const unready = (since: string | undefined): Pod => {
    const pod = stopped(restarted(taken));
    const conditions: Condition[] = [{ type: 'Ready', status: 'False', lastTransitionTime: since }];
    return { ...pod, status: { ...pod.status, conditions } };
  };

  it.each<{ name: string; pod: Pod; now: Date; overdue: boolean }>([
    { name: 'on its way for 10 minutes', pod: taken, now: at(10), overdue: false },
    { name: 'on its way for longer', pod: taken, now: at(10, 1), overdue: true },
    { name: 'not ready for 10 minutes', pod: unready('2026-03-01T12:01:00Z'), now: at(11), overdue: false },
    { name: 'not ready for longer', pod: unready('2026-03-01T12:01:00Z'), now: at(11, 1), overdue: true },
    {
      name: 'not ready since before its upgrade',
      pod: unready('2026-03-01T09:00:00Z'),
      now: at(9),
      overdue: false,
    },
    { name: 'not ready, nobody knows since when', pod: unready(undefined), now: at(50), overdue: false },
    {
      name: 'upgraded, nobody knows when',
      pod: annotated(taken, { 'kruise.io/sidecarset-hash': '{"logs":"hash-v2"}' }),
      now: at(50),
      overdue: false,
    },
    { name: 'back', pod: restarted(taken), now: at(50), overdue: false },
  ])('is ProgressDeadlineExceeded, $overdue, of a Pod that is $name', ({ pod, now, overdue }) => {
    const list = conditions(makeSet('v2'), [pod], { now });
    expect(brief(list, 'Degraded')).toBe(overdue ? 'True ProgressDeadlineExceeded' : 'False AsExpected');
    if (overdue) {
      expect(find(list, 'Degraded')?.message).toBe(
        '1 updated Pods are not back for 10 minutes (default/web-0)',
      );
    }
  });

  it('is ProgressDeadlineExceeded of a hot upgrade that does not hand over', () => {
    const pod = starts(upgraded(makeHotSet('v2'), makeHotPod(0, 'v1')), 'mesh-2', false);
    expect(brief(conditions(makeHotSet('v2'), [pod], { now: at(30) }), 'Degraded')).toBe(
      'True ProgressDeadlineExceeded',
    );
  });

  it('prefers a failure to a deadline', () => {
    const list = conditions(makeSet('v2'), [taken, failing(1)], { now: at(30) });
    expect(brief(list, 'Degraded')).toBe('True ImagePullBackOff');
  });
});

describe('Paused', () => {
  it.each<{ strategy: UpdateStrategy; expected: string }>([
    { strategy: {}, expected: 'False NotPaused' },
    { strategy: { paused: false }, expected: 'False NotPaused' },
    { strategy: { paused: true }, expected: 'True Paused' },
    { strategy: { type: 'NotUpdate' }, expected: 'False NotPaused' },
  ])('of $strategy is $expected', ({ strategy, expected }) => {
    expect(brief(conditions(makeSet('v2', strategy), fleet(1, 'v1')), 'Paused')).toBe(expected);
  });
});

describe('the conditions', () => {
  const types = (list: Condition[]): string[] => list.map(({ type }) => type);

  it.each<{ name: string; pods: Pod[]; strategy?: UpdateStrategy; expected: string[] }>([
    { name: 'at rest', pods: fleet(1, 'v2'), expected: [] },
    { name: 'moving', pods: fleet(1, 'v1'), expected: ['Reconciling'] },
    { name: 'failing', pods: [failing(0)], expected: ['Stalled'] },
    { name: 'failing and paused', pods: [failing(0)], strategy: { paused: true }, expected: ['Stalled'] },
    { name: 'paused', pods: fleet(1, 'v1'), strategy: { paused: true }, expected: [] },
  ])('are four, and $expected while $name', ({ pods, strategy, expected }) => {
    const list = conditions(makeSet('v2', strategy), pods);
    expect(types(list)).toEqual(['Progressing', 'Available', 'Degraded', 'Paused', ...expected]);
    for (const condition of list.slice(4)) expect(condition.status).toBe('True');
  });

  it('carry the generation that they are about, on each of them', () => {
    const list = conditions(generation(makeSet('v2'), 7), fleet(1, 'v1'));
    expect(list.map(({ observedGeneration }) => observedGeneration)).toEqual([7, 7, 7, 7, 7]);
  });

  it('have whole seconds as transition times', () => {
    for (const condition of conditions(makeSet('v2'), [])) {
      expect(condition.lastTransitionTime).toBe('2026-03-01T12:00:00Z');
    }
  });

  it('keep their transition time as long as their status stays, whatever their reason', () => {
    const first = told(makeSet('v2'), conditions(makeSet('v2'), fleet(2, 'v1')));
    const second = conditions(
      generation({ ...first, spec: makeSet('v2', { paused: true }).spec }, 2),
      fleet(2, 'v1'),
      {
        now: at(5),
      },
    );
    const times = Object.fromEntries(
      second.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]),
    );
    expect(times).toEqual({
      Progressing: '2026-03-01T12:05:00Z',
      Available: '2026-03-01T12:00:00Z',
      Degraded: '2026-03-01T12:00:00Z',
      Paused: '2026-03-01T12:05:00Z',
    });
    const frozen = makeSet('v2', { paused: true, type: 'NotUpdate' }).spec;
    const third = conditions({ ...told(first, second), spec: frozen }, fleet(2, 'v1'), { now: at(9) });
    expect(find(third, 'Progressing')).toMatchObject({
      reason: 'NotUpdate',
      lastTransitionTime: '2026-03-01T12:05:00Z',
    });
  });

  it('drop Reconciling and Stalled, and any that somebody else has left', () => {
    const foreign: Condition[] = [
      { type: 'Reconciling', status: 'True' },
      { type: 'Stalled', status: 'True' },
      { type: 'Foreign', status: 'True' },
    ];
    expect(types(conditions(told(makeSet('v2'), foreign), fleet(1, 'v2')))).toEqual([
      'Progressing',
      'Available',
      'Degraded',
      'Paused',
    ]);
  });
});

describe('former conditions that are garbage', () => {
  it.each<{ name: string; stored: unknown }>([
    { name: 'a text', stored: 'fine' },
    { name: 'a number', stored: 7 },
    { name: 'null', stored: null },
    { name: 'an object', stored: {} },
    { name: 'a list with null', stored: [null] },
    { name: 'a list of texts', stored: ['Progressing'] },
    { name: 'a list of conditions without a status', stored: [{ type: 'Progressing' }] },
  ])('count as none: $name', ({ stored }) => {
    const set = told(makeSet('v2'), stored as Condition[]);
    expect(formerConditions(set)).toEqual([]);
    for (const pods of [fleet(1, 'v2'), [makeFleetPod(0, 'v2', { ready: false })], [failing(0)]]) {
      expect(conditions(set, pods)).toEqual(conditions(makeSet('v2'), pods));
    }
  });

  it('do not hide those that are none', () => {
    const since = '2026-03-01T09:00:00Z';
    const stored = [null, 'x', { type: 'Paused', status: 'False', lastTransitionTime: since }];
    const set = told(makeSet('v2'), stored as Condition[]);
    expect(find(conditions(set, fleet(1, 'v2')), 'Paused')?.lastTransitionTime).toBe(since);
  });
});
