import { describe, expect, it } from 'vitest';
import { terminationDue } from '../../../../shared/core/termination/due.ts';
import type { Container, ContainerState, EnvVar, Pod } from '../../../../shared/model/kubernetes.ts';
import { ended, main, makePod, RUNNING, sidecar, statusOf, WAITING } from '../../../support/pods.ts';

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
  const BY_SIGNAL = 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT';
  const BY_IMAGE = 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT_WITH_IMAGE';
  const fromLabel = { fieldRef: { fieldPath: "metadata.labels['x']" } };

  it.each<[string, EnvVar[], boolean]>([
    ['with the switch on', [{ name: BY_SIGNAL, value: 'true' }], true],
    ['with the switch on in capitals', [{ name: BY_SIGNAL, value: 'TRUE' }], true],
    ['not with another value', [{ name: BY_SIGNAL, value: 'yes' }], false],
    ['not with a value from elsewhere', [{ name: BY_SIGNAL, valueFrom: fromLabel }], false],
    ['with an exit image', [{ name: BY_IMAGE, value: 'registry/exit:1' }], true],
    ['not with an empty exit image', [{ name: BY_IMAGE, value: '' }], false],
    ['not without either', [], false],
  ])('%s', (_, env, expected) => {
    const containers: Container[] = [main(), { name: 'candidate', env }];
    const statuses = [statusOf('main', ended(0)), statusOf('candidate', RUNNING)];
    const found = verdict(makePod({ containers, statuses, phase: 'Running' }));
    expect(found).toEqual(expected ? ['candidate'] : 'TerminationNotWanted');
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
});
