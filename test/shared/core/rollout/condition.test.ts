import { describe, expect, it } from 'vitest';
import { findingsToWrite, upgradableCondition } from '../../../../shared/core/rollout/condition.ts';
import type { Condition, Pod } from '../../../../shared/model/kubernetes.ts';
import { CONDITION_UPGRADABLE } from '../../../../shared/model/names.ts';
import { makeFleetPod, makeSet, reshaped } from '../../../support/fleet.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const SINCE = '2026-03-01T09:00:00Z';

const podWith = (status: Condition['status'], message: string): Pod => {
  const pod = makeFleetPod(0, 'v1');
  const former: Condition = { type: CONDITION_UPGRADABLE, status, message, lastTransitionTime: SINCE };
  return { ...pod, status: { ...pod.status, conditions: [former] } };
};

describe('the condition SidecarSetUpgradable', () => {
  it.each<{ name: string; pod: Pod; upgradable: boolean; expected: Partial<Condition> | undefined }>([
    {
      name: 'is new and True',
      pod: makeFleetPod(0, 'v1'),
      upgradable: true,
      expected: {
        status: 'True',
        reason: 'AllSidecarsetUpgradable',
        message: '{"logs":true}',
        lastTransitionTime: '2026-03-01T12:00:00Z',
      },
    },
    {
      name: 'is new and False',
      pod: makeFleetPod(0, 'v1'),
      upgradable: false,
      expected: { status: 'False', reason: 'UpdateImmutableField', message: '{"logs":false}' },
    },
    {
      name: 'keeps its time while its status stays',
      pod: podWith('False', '{"other":false}'),
      upgradable: true,
      expected: { status: 'False', message: '{"logs":true,"other":false}', lastTransitionTime: SINCE },
    },
    {
      name: 'turns True when the last finding does',
      pod: podWith('False', '{"logs":false,"other":true}'),
      upgradable: true,
      expected: { status: 'True', lastTransitionTime: '2026-03-01T12:00:00Z' },
    },
    {
      name: 'is not written again',
      pod: podWith('True', '{"logs":true}'),
      upgradable: true,
      expected: undefined,
    },
    {
      name: "is left alone if it is somebody else's text",
      pod: podWith('True', 'fine'),
      upgradable: true,
      expected: undefined,
    },
  ])('$name', ({ pod, upgradable, expected }) => {
    const condition = upgradableCondition(pod, 'logs', upgradable, NOW);
    if (expected) expect(condition).toMatchObject({ type: CONDITION_UPGRADABLE, ...expected });
    else expect(condition).toBeUndefined();
  });
});

describe('what is to be written about Pods that no upgrade touches', () => {
  const of = (pod: Pod, condition: Pod): Pod => ({ ...pod, status: condition.status });
  const stale = podWith('False', '{"logs":false}');

  it.each<{ name: string; pod: Pod; left?: boolean; set?: ReturnType<typeof makeSet>; expected: boolean[] }>([
    { name: 'nothing about a plain Pod', pod: makeFleetPod(0, 'v1'), expected: [] },
    { name: 'that it is left alone', pod: makeFleetPod(0, 'v1'), left: true, expected: [false] },
    {
      name: 'not twice that it is left alone',
      pod: stale,
      left: true,
      set: reshaped(makeSet('v2')),
      expected: [],
    },
    { name: 'that it can be upgraded again, after a rollback', pod: stale, expected: [true] },
    {
      name: 'that it is updated',
      pod: of(makeFleetPod(0, 'v2'), stale),
      set: reshaped(makeSet('v2')),
      expected: [true],
    },
    { name: 'nothing that stands there', pod: podWith('True', '{"logs":true}'), expected: [] },
    { name: 'nothing into a text of somebody else', pod: podWith('False', 'no'), left: true, expected: [] },
    {
      name: 'that it is left alone, beside findings of others',
      pod: podWith('True', '{"other":true}'),
      left: true,
      expected: [false],
    },
  ])('is $expected: $name', ({ pod, left = false, set = makeSet('v2'), expected }) => {
    const findings = findingsToWrite(set, [pod], left ? [pod] : []);
    expect(findings.map(({ upgradable }) => upgradable)).toEqual(expected);
  });
});
