import { describe, expect, it } from 'vitest';
import { surplus } from '../../../../../../infra/local/cluster/controllers/pods.ts';
import { planReplicaSet } from '../../../../../../infra/local/cluster/controllers/replicaset/plan.ts';
import { ended, NOW, pod, ready, replicaSet, restarted, seconds } from '../objects.ts';

const labels = { app: 'web' };

describe('planning a ReplicaSet', () => {
  it('creates what is missing from the template, controlled by the set', () => {
    const { actions } = planReplicaSet(replicaSet('web', { replicas: 3 }), [pod('a')], NOW);
    const created = actions.filter(({ kind }) => kind === 'create-pod');
    expect(created).toHaveLength(2);
    expect(created[0]).toMatchObject({
      pod: {
        metadata: {
          generateName: 'web-',
          labels,
          ownerReferences: [{ kind: 'ReplicaSet', uid: 'web-uid', controller: true }],
        },
      },
    });
  });

  it.each([
    ['ended', pod('gone', ended('Failed'))],
    ['being deleted', pod('gone', ready(), { deletionTimestamp: seconds(0) })],
  ])('replaces a Pod that is %s', (_what, gone) => {
    const { actions } = planReplicaSet(replicaSet('web', { replicas: 1 }), [gone], NOW);
    expect(actions.map(({ kind }) => kind)).toContain('create-pod');
  });

  it('counts replicas, ready and available Pods and looks again when the next one turns available', () => {
    const pods = [
      pod('a', ready(-20), { labels }),
      pod('b', ready(-4), { labels }),
      pod('c', {}, { labels: { app: 'other' } }),
    ];
    const plan = planReplicaSet(replicaSet('web', { replicas: 3, minReadySeconds: 10 }), pods, NOW);
    expect(plan.actions).toMatchObject([
      {
        kind: 'status',
        object: {
          status: {
            replicas: 3,
            fullyLabeledReplicas: 2,
            readyReplicas: 2,
            availableReplicas: 1,
            observedGeneration: 1,
          },
        },
      },
    ]);
    expect(plan.again).toBe(6_000);
  });

  it('does nothing when all is as it should be', () => {
    const status = {
      replicas: 1,
      fullyLabeledReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
      observedGeneration: 1,
    };
    const plan = planReplicaSet(replicaSet('web', {}, status), [pod('a', ready(), { labels })], NOW);
    expect(plan).toEqual({ actions: [], again: undefined });
  });

  it('does nothing for a set that is being deleted', () => {
    const leaving = replicaSet('web');
    leaving.metadata.deletionTimestamp = seconds(0);
    expect(planReplicaSet(leaving, [], NOW).actions).toEqual([]);
  });
});

describe('the Pod that goes first', () => {
  const unassigned = { ...pod('unassigned'), spec: { containers: [] } };
  const restarting = pod('restarting', { ...ready(-60), containerStatuses: [restarted(3)] });
  const running = pod('running', { phase: 'Running' });
  it.each([
    ['has no node', [pod('pending'), unassigned], 'unassigned'],
    ['does not run', [running, pod('pending')], 'pending'],
    ['is not ready', [pod('ready', ready()), running], 'running'],
    ['is ready for a shorter time', [pod('old', ready(-60)), pod('new', ready(-5))], 'new'],
    ['restarted more often', [pod('steady', ready(-60)), restarting], 'restarting'],
    [
      'is younger',
      [
        pod('old', {}, { creationTimestamp: seconds(-9) }),
        pod('new', {}, { creationTimestamp: seconds(-1) }),
      ],
      'new',
    ],
  ])('is the one that %s', (_what, pods, expected) => {
    expect(surplus(pods, 1).map(({ metadata }) => metadata.name)).toEqual([expected]);
    expect(surplus(pods.toReversed(), 1).map(({ metadata }) => metadata.name)).toEqual([expected]);
  });
});
