import { describe, expect, it } from 'vitest';
import type { ContainerState, Pod, PodSpec } from '../../../../shared/model/kubernetes.ts';
import { ended, makePod, RUNNING, WAITING } from '../../../support/pods.ts';
import {
  CONDITION,
  CONTAINERS,
  configMap,
  opened,
  plan,
  reported,
  TOLD,
  threeLevels,
  waiting,
} from './pods.ts';

describe('a container that has failed for good', () => {
  const failed = (states: [ContainerState, ContainerState, ContainerState], ready: string[] = []): Pod =>
    threeLevels(states, ready, opened('p_100'));
  const under = (restartPolicy: PodSpec['restartPolicy'], pod: Pod): Pod => ({
    ...pod,
    spec: { ...pod.spec, restartPolicy },
  });
  const inPhase = (phase: 'Running' | 'Unknown', pod: Pod): Pod => ({
    ...pod,
    status: { ...pod.status, phase },
  });
  const first = failed([ended(1), WAITING, WAITING]);

  it('fails the Pod in one write that wakes the kubelet, after an Event', () => {
    const message =
      'Container side has failed with exit code 1 and will not run again: the containers that wait for it must not start';
    expect(reported(plan(first, configMap(['p_100'])))).toMatchObject({
      code: 'LaunchFailed',
      event: {
        metadata: { namespace: 'default', name: 'uid-x.launch-failed' },
        type: 'Warning',
        reason: 'LaunchFailed',
        message,
      },
      write: {
        annotations: { 'serverless.sidecarset.io/launch-failed': 'side' },
        status: {
          phase: 'Failed',
          reason: 'LaunchFailed',
          message,
          conditions: [{ type: CONDITION, status: 'True', reason: 'ContainerFailed', message }],
        },
      },
    });
  });

  it.each<[string, Pod, string[], string]>([
    [
      'is found beside one that is not ready yet',
      failed([RUNNING, ended(1), WAITING]),
      ['p_100', 'p_0'],
      'main',
    ],
    [
      'is found above a level that is open',
      failed([ended(2), RUNNING, WAITING], ['main']),
      ['p_100', 'p_0'],
      'side',
    ],
  ])('%s', (_, pod, keys, container) => {
    expect(reported(plan(pod, configMap(keys))).write.annotations).toEqual({
      'serverless.sidecarset.io/launch-failed': container,
    });
  });

  it.each<[string, Pod, string[]]>([
    ['it runs again under OnFailure', under('OnFailure', first), ['p_100']],
    ['it runs again under Always', under('Always', first), ['p_100']],
    ['the Pod is not Pending: nothing waits any more', inPhase('Running', first), ['p_100']],
    ['the node is not heard of', inPhase('Unknown', first), ['p_100']],
    ['it has a ready sidecar only', failed([RUNNING, WAITING, WAITING], ['side']), ['p_100', 'p_0', 'p_-1']],
    ['nothing waits for it', failed([RUNNING, RUNNING, ended(1)], ['side']), ['p_100', 'p_0', 'p_-1']],
    ['all levels are open already', first, ['p_100', 'p_0', 'p_-1']],
  ])('does not fail a Pod when %s', (_, pod, keys) => {
    expect(plan(pod, configMap(keys)).kind).not.toBe('report');
  });

  it('leaves a Pod alone that it can not fail', () => {
    expect(plan(inPhase('Running', first), configMap(['p_100']))).toEqual(waiting);
  });
});

describe("somebody else's ConfigMap", () => {
  const foreign = configMap([], { kind: 'Deployment', uid: 'other' });
  const pod = makePod({ containers: CONTAINERS });

  it('is told once, and not touched', () => {
    expect(plan(pod, foreign)).toMatchObject({
      kind: 'report',
      code: 'LaunchForeign',
      event: {
        metadata: { name: 'uid-x.launch-foreign' },
        message: expect.stringContaining('ConfigMap job-x-barrier does not belong to this Pod'),
      },
      write: { annotations: {}, status: { conditions: [{ status: 'True', reason: 'ForeignConfigMap' }] } },
    });
    const told = { ...pod, status: { ...pod.status, conditions: [TOLD] } };
    expect(plan(told, foreign)).toEqual({ kind: 'nothing', code: 'LaunchForeign' });
  });
});
