import { describe, expect, it } from 'vitest';
import { planAssignment } from '../../../../../infra/local/cluster/controllers/scheduler.ts';
import type { Pod } from '../../../../../shared/model/kubernetes.ts';
import { pod, seconds } from './objects.ts';

const waiting = (spec: Record<string, unknown> = {}, metadata = {}): Pod => ({
  ...pod('web', {}, metadata),
  spec: { containers: [], ...spec },
});

describe('assigning Pods', () => {
  it('binds a waiting Pod to the node and says so', () => {
    expect(planAssignment(waiting()).actions).toMatchObject([
      { kind: 'bind', pod: { name: 'web', uid: 'web-uid' }, node: 'local-node' },
      { kind: 'event', reason: 'Scheduled', message: 'Successfully assigned default/web to local-node' },
    ]);
  });

  it.each([
    ['that has a node', waiting({ nodeName: 'other' })],
    ['that is being deleted', waiting({}, { deletionTimestamp: seconds(0) })],
    ['that has ended', { ...waiting(), status: { phase: 'Failed' as const } }],
    ['of another scheduler', waiting({ schedulerName: 'mine' })],
    ['with a scheduling gate', waiting({ schedulingGates: [{ name: 'quota' }] })],
  ])('leaves a Pod alone %s', (_what, object) => {
    expect(planAssignment(object).actions).toEqual([]);
  });

  it.each([
    ['nodeSelector', { disk: 'ssd' }],
    ['affinity', { podAntiAffinity: {} }],
    ['topologySpreadConstraints', [{ maxSkew: 1 }]],
  ])('refuses %s by name and does not bind', (wish, value) => {
    const { actions } = planAssignment(waiting({ [wish]: value }));
    expect(actions).toMatchObject([{ kind: 'event', type: 'Warning', reason: 'FailedScheduling' }]);
    expect(actions[0]?.kind === 'event' && actions[0].message).toContain(`spec.${wish}`);
  });

  it.each([['nodeSelector'], ['affinity']])('takes an empty %s for none', (wish) => {
    expect(planAssignment(waiting({ [wish]: {} })).actions).toHaveLength(2);
  });
});
