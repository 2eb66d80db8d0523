import { describe, expect, it } from 'vitest';
import { terminationDue } from '../../../../shared/core/termination/due.ts';
import type { Container, ContainerState, Pod } from '../../../../shared/model/kubernetes.ts';
import {
  BY_EXIT_IMAGE,
  ended,
  main,
  makePod,
  RUNNING,
  sidecar,
  statusOf,
  WAITING,
} from '../../../support/pods.ts';

type RestartPolicy = Pod['spec']['restartPolicy'];

/** Main containers and then one sidecar `side`, in these states; `undefined`: not reported yet. */
const jobPod = (
  restartPolicy: RestartPolicy,
  mains: (ContainerState | undefined)[],
  side: ContainerState | undefined,
  parts: { phase?: NonNullable<Pod['status']>['phase']; metadata?: Partial<Pod['metadata']> } = {},
): Pod => {
  const states = [...mains, side];
  const containers = [...mains.map((_, index) => main(`main-${index}`)), sidecar()];
  const statuses = containers.flatMap(({ name }, index) => {
    const state = states[index];
    return state ? [statusOf(name, state)] : [];
  });
  return makePod({
    containers,
    statuses,
    phase: parts.phase ?? 'Running',
    ...parts,
    spec: { restartPolicy },
  });
};

const verdict = (pod: Pod): unknown => {
  const due = terminationDue(pod);
  return due.kind === 'yes' ? due.sidecars.map(({ name }) => name) : due.code;
};

describe('sidecars are due', () => {
  it.each<[string, RestartPolicy, (ContainerState | undefined)[], ContainerState | undefined, unknown]>([
    ['when the main container ended well under Never', 'Never', [ended(0)], RUNNING, ['side']],
    ['when the main container failed under Never', 'Never', [ended(1)], RUNNING, ['side']],
    ['not while the main container runs', 'Never', [RUNNING], RUNNING, 'TerminationMainsRunning'],
    [
      'not while one of two main containers runs',
      'Never',
      [ended(0), RUNNING],
      RUNNING,
      'TerminationMainsRunning',
    ],
    ['when both main containers ended', 'Never', [ended(0), ended(2)], RUNNING, ['side']],
    ['not while a main container waits', 'Never', [WAITING], RUNNING, 'TerminationMainsRunning'],
    ['when the main container ended well under OnFailure', 'OnFailure', [ended(0)], RUNNING, ['side']],
    [
      'not when it failed under OnFailure: it runs again',
      'OnFailure',
      [ended(1)],
      RUNNING,
      'TerminationMainsRunning',
    ],
    ['never under Always', 'Always', [ended(0)], RUNNING, 'TerminationNotWanted'],
    [
      'never under the default policy, which is Always',
      undefined,
      [ended(0)],
      RUNNING,
      'TerminationNotWanted',
    ],
    ['at once without main containers', 'Never', [], RUNNING, ['side']],
    ['no more when they have ended', 'Never', [ended(0)], ended(143), 'TerminationOver'],
    ['when they wait for a restart', 'OnFailure', [ended(0)], WAITING, ['side']],
    [
      'no more while they are about to be started again',
      'OnFailure',
      [ended(0)],
      ended(143),
      'TerminationOver',
    ],
    [
      'not while a main container waits for its restart',
      'OnFailure',
      [WAITING],
      RUNNING,
      'TerminationMainsRunning',
    ],
    ['at once without main containers under OnFailure', 'OnFailure', [], RUNNING, ['side']],
    ['never under Always, also without main containers', 'Always', [], RUNNING, 'TerminationNotWanted'],
    ['not before each container is reported', 'Never', [ended(0)], undefined, 'TerminationMainsRunning'],
  ])('%s', (_, restartPolicy, mains, side, expected) => {
    expect(verdict(jobPod(restartPolicy, mains, side))).toEqual(expected);
  });

  it.each<[NonNullable<Pod['status']>['phase'], unknown]>([
    ['Pending', 'TerminationMainsRunning'],
    ['Running', ['side']],
    ['Unknown', ['side']],
    ['Succeeded', 'TerminationOver'],
    ['Failed', 'TerminationOver'],
  ])('by phase: %s gives %j', (phase, expected) => {
    expect(verdict(jobPod('Never', [ended(0)], RUNNING, { phase }))).toEqual(expected);
  });

  it('not in a Pod whose time is over: its node ends everything', () => {
    const pod = jobPod('Never', [ended(137)], RUNNING, { phase: 'Failed' });
    expect(verdict({ ...pod, status: { ...pod.status, reason: 'DeadlineExceeded' } })).toBe(
      'TerminationOver',
    );
  });

  it('only those that have not ended', () => {
    const pod = makePod({
      containers: [sidecar('a'), main(), sidecar('b'), sidecar('c')],
      statuses: [
        statusOf('a', RUNNING),
        statusOf('main', ended(0)),
        statusOf('b', ended(0)),
        statusOf('c', WAITING),
      ],
      phase: 'Running',
    });
    expect(verdict(pod)).toEqual(['a', 'c']);
  });

  it('not in a Pod without a status', () => {
    expect(verdict({ ...jobPod('Never', [], RUNNING), status: undefined })).toBe('TerminationMainsRunning');
  });

  it('not in a Pod that is being deleted: the kubelet ends them', () => {
    const metadata = { deletionTimestamp: '2026-03-01T12:00:00Z' };
    expect(verdict(jobPod('Never', [ended(0)], RUNNING, { metadata }))).toBe('TerminationNotWanted');
  });

  it('by the current state, not by the last one', () => {
    const pod = jobPod('OnFailure', [RUNNING], RUNNING);
    const statuses = pod.status?.containerStatuses?.map((status) => ({ ...status, lastState: ended(0) }));
    expect(verdict({ ...pod, status: { ...pod.status, containerStatuses: statuses } })).toBe(
      'TerminationMainsRunning',
    );
  });
});

describe('a container is a sidecar', () => {
  it('with an exit image alone, too', () => {
    const containers: Container[] = [main(), { name: 'candidate', env: [BY_EXIT_IMAGE] }];
    const statuses = [statusOf('main', ended(0)), statusOf('candidate', RUNNING)];
    expect(verdict(makePod({ containers, statuses, phase: 'Running' }))).toEqual(['candidate']);
  });

  it('not as an init container', () => {
    const pod = makePod({
      containers: [main()],
      statuses: [statusOf('main', ended(0))],
      phase: 'Running',
      spec: { initContainers: [{ ...sidecar(), restartPolicy: 'Always' }] },
    });
    expect(verdict(pod)).toBe('TerminationNotWanted');
  });

  it('and an ephemeral container counts for nothing', () => {
    const pod = jobPod('Never', [ended(0)], RUNNING);
    const ephemeralContainerStatuses = [statusOf('debug', RUNNING)];
    expect(verdict({ ...pod, status: { ...pod.status, ephemeralContainerStatuses } })).toEqual(['side']);
  });
});
