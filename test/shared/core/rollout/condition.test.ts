import { describe, expect, it } from 'vitest';
import { upgradableCondition } from '../../../../shared/core/rollout/condition.ts';
import type { Condition, Pod } from '../../../../shared/model/kubernetes.ts';
import { CONDITION_UPGRADABLE } from '../../../../shared/model/names.ts';
import { makeFleetPod } from '../../../support/fleet.ts';

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
