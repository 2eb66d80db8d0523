import { describe, expect, it } from 'vitest';
import { needsJob, restartsLeft } from '../../../../shared/core/termination/job.ts';
import type { ContainerState, OwnerReference, Pod, PodSpec } from '../../../../shared/model/kubernetes.ts';
import { BY_EXIT_IMAGE, ended, main, makePod, RUNNING, sidecar, statusOf } from '../../../support/pods.ts';

const JOB: OwnerReference = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  name: 'x',
  uid: 'uid-job',
  controller: true,
};

interface Sides {
  states: ContainerState[];
  restarts?: number[];
  initRestarts?: number;
}

/** One exit-image sidecar for each state, and a plain one. */
const podWith = ({ states, restarts = [], initRestarts = 0 }: Sides): Pod => {
  const pod = makePod({
    containers: [
      main(),
      sidecar('plain'),
      ...states.map((_, index) => sidecar(`side-${index}`, [BY_EXIT_IMAGE])),
    ],
    statuses: [
      statusOf('main', ended(0)),
      statusOf('plain', RUNNING),
      ...states.map((state, index) => ({
        ...statusOf(`side-${index}`, state),
        restartCount: restarts[index] ?? 0,
      })),
    ],
    phase: 'Running',
    spec: { restartPolicy: 'OnFailure' },
  });
  const init = { ...statusOf('init', ended(0)), restartCount: initRestarts };
  return { ...pod, status: { ...pod.status, initContainerStatuses: [init] } };
};

describe('the Job', () => {
  const owned = (owner: OwnerReference | undefined, spec: Partial<PodSpec>, env = [BY_EXIT_IMAGE]): Pod =>
    makePod({
      containers: [main(), sidecar('side', env)],
      metadata: { ownerReferences: owner ? [owner] : undefined },
      spec,
    });

  it.each<[string, Pod, string | undefined]>([
    ['is read under OnFailure with an exit image', owned(JOB, { restartPolicy: 'OnFailure' }), 'x'],
    ['is not read under Never: restarts do not count', owned(JOB, { restartPolicy: 'Never' }), undefined],
    ['is not read without an exit image', owned(JOB, { restartPolicy: 'OnFailure' }, []), undefined],
    ['is not read where there is none', owned(undefined, { restartPolicy: 'OnFailure' }), undefined],
    [
      'is not read where it does not control the Pod',
      owned({ ...JOB, controller: undefined }, { restartPolicy: 'OnFailure' }),
      undefined,
    ],
    [
      'is none of another kind',
      owned({ ...JOB, apiVersion: 'apps/v1', kind: 'ReplicaSet' }, { restartPolicy: 'OnFailure' }),
      undefined,
    ],
    [
      'is none of another group',
      owned({ ...JOB, apiVersion: 'batch.volcano.sh/v1alpha1' }, { restartPolicy: 'OnFailure' }),
      undefined,
    ],
  ])('%s', (_, pod, expected) => {
    expect(needsJob(pod)?.name).toBe(expected);
  });
});

describe('a restart into the exit image', () => {
  it.each<[string, number | undefined, number | undefined, Sides, boolean]>([
    ['is not borne with backoffLimit 0', 0, 1, { states: [RUNNING] }, false],
    ['is not borne with backoffLimit 1: it reaches the limit', 1, 1, { states: [RUNNING] }, false],
    ['is borne with backoffLimit 2', 2, 1, { states: [RUNNING] }, true],
    ['is borne by default, with backoffLimit 6', undefined, undefined, { states: [RUNNING] }, true],
    ['is borne with 4 restarts before it', 6, 1, { states: [RUNNING], restarts: [4] }, true],
    ['is not borne as the sixth', 6, 1, { states: [RUNNING], restarts: [5] }, false],
    ['counts those of init containers', 6, 1, { states: [RUNNING], initRestarts: 5 }, false],
    ['counts once for each sidecar with an exit image', 2, 1, { states: [RUNNING, RUNNING] }, false],
    ['is borne for two with backoffLimit 3', 3, 1, { states: [RUNNING, RUNNING] }, true],
    [
      'does not count twice for a sidecar that has ended by it',
      3,
      1,
      { states: [ended(0), RUNNING], restarts: [1, 0] },
      true,
    ],
    ['counts for one that has failed: it runs again', 2, 1, { states: [ended(143), RUNNING] }, false],
    ['counts for each Pod that runs beside it', 6, 6, { states: [RUNNING] }, false],
    ['is borne by five Pods at once with backoffLimit 6', 6, 5, { states: [RUNNING] }, true],
    ['is borne by the Pod of a suspended Job', 2, 0, { states: [RUNNING] }, true],
  ])('%s', (_, backoffLimit, parallelism, sides, expected) => {
    const job = { metadata: { name: 'x' }, spec: { backoffLimit, parallelism } };
    expect(restartsLeft(podWith(sides), job)).toBe(expected);
  });

  it('is borne where no Job counts', () => {
    expect(restartsLeft(podWith({ states: [RUNNING], restarts: [100] }), undefined)).toBe(true);
  });
});
