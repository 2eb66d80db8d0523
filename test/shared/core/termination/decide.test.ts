import { expect, it } from 'vitest';
import { decideTermination, type Step } from '../../../../shared/core/termination/decide.ts';
import type { Container, Pod, PodSpec } from '../../../../shared/model/kubernetes.ts';
import { ended, main, makePod, RUNNING, sidecar, statusOf, WAITING } from '../../../support/pods.ts';

const NOW = new Date('2026-03-01T12:00:30Z');
const RECORD = 'serverless.sidecarset.io/termination';

const podWith = (record: string | undefined, spec: Partial<PodSpec> = {}, state = RUNNING): Pod =>
  makePod({
    containers: [main(), sidecar()],
    statuses: [statusOf('main', ended(0)), statusOf('side', state)],
    phase: 'Running',
    metadata: { annotations: record === undefined ? {} : { [RECORD]: record } },
    spec: { terminationGracePeriodSeconds: 20, ...spec },
  });

const recorded = (attempt: number, at: string, failed?: boolean): string =>
  JSON.stringify({ side: { strategy: 'exec', attempt, at, failed } });

const stepsOf = (pod: Pod): Step[] => {
  const decision = decideTermination(pod, NOW);
  return decision.kind === 'steps' ? decision.steps : [];
};

const signal = (attempt: number): Step => ({ kind: 'signal', container: 'side', attempt });
const wait = (until: string): Step => ({ kind: 'wait', container: 'side', until: new Date(until) });
const leave = (code: Extract<Step, { kind: 'leave' }>['code']): Step => ({
  kind: 'leave',
  container: 'side',
  code,
});

it.each<[string, Pod, Step]>([
  ['is signalled when no try is recorded', podWith(undefined), signal(1)],
  [
    'has its grace period after a try',
    podWith(recorded(1, '2026-03-01T12:00:11Z')),
    wait('2026-03-01T12:00:31Z'),
  ],
  ['is signalled again after it', podWith(recorded(1, '2026-03-01T12:00:10Z')), signal(2)],
  [
    'has 30 s where the Pod names no grace period',
    podWith(recorded(1, '2026-03-01T12:00:01Z'), { terminationGracePeriodSeconds: undefined }),
    wait('2026-03-01T12:00:31Z'),
  ],
  [
    'waits 5 s after a failed try',
    podWith(recorded(1, '2026-03-01T12:00:26Z', true)),
    wait('2026-03-01T12:00:31Z'),
  ],
  [
    'is signalled again 5 s after a failed try',
    podWith(recorded(2, '2026-03-01T12:00:25Z', true)),
    signal(3),
  ],
  [
    'has its grace period after the last try',
    podWith(recorded(3, '2026-03-01T12:00:11Z')),
    wait('2026-03-01T12:00:31Z'),
  ],
  ['is given up after it', podWith(recorded(3, '2026-03-01T12:00:10Z')), leave('TerminationGivenUp')],
  ['counts an unreadable record as no try', podWith('{"side":'), signal(1)],
  ['counts a record of another form as no try', podWith('{"side":{"attempt":"many"}}'), signal(1)],
  ['is left alone while it has no process', podWith(undefined, {}, WAITING), leave('TerminationNotRunning')],
  [
    'is never signalled in a shared process namespace',
    podWith(undefined, { shareProcessNamespace: true }),
    leave('TerminationForeign'),
  ],
  [
    'is never signalled in the process namespace of the host',
    podWith(undefined, { hostPID: true }),
    leave('TerminationForeign'),
  ],
])('a sidecar %s', (_, pod, expected) => {
  expect(stepsOf(pod)).toEqual([expected]);
});

it('leaves a sidecar that has only an exit image, and signals one that has both', () => {
  const image = { name: 'KRUISE_TERMINATE_SIDECAR_WHEN_JOB_EXIT_WITH_IMAGE', value: 'registry/exit:1' };
  const containers: Container[] = [main(), { name: 'by-image', env: [image] }, sidecar('both', [image])];
  const statuses = [statusOf('main', ended(0)), statusOf('by-image', RUNNING), statusOf('both', RUNNING)];
  expect(stepsOf(makePod({ containers, statuses, phase: 'Running' }))).toEqual([
    { kind: 'leave', container: 'by-image', code: 'TerminationByImage' },
    { kind: 'signal', container: 'both', attempt: 1 },
  ]);
});

it('gives each sidecar its own step, and none to one that has ended', () => {
  const pod = makePod({
    containers: [main(), sidecar('a'), sidecar('b'), sidecar('c')],
    statuses: [
      statusOf('main', ended(0)),
      statusOf('a', RUNNING),
      statusOf('b', ended(0)),
      statusOf('c', RUNNING),
    ],
    phase: 'Running',
    metadata: {
      annotations: { [RECORD]: '{"a":{"strategy":"exec","attempt":1,"at":"2026-03-01T12:00:20Z"}}' },
    },
  });
  expect(stepsOf(pod).map(({ kind, container }) => [kind, container])).toEqual([
    ['wait', 'a'],
    ['signal', 'c'],
  ]);
});
