import { describe, expect, it } from 'vitest';
import { type Facts, hasProcess, ladderFor } from '../../../../shared/core/termination/strategies.ts';
import type { Strategy } from '../../../../shared/core/termination/tries.ts';
import type { Container, EnvVar, LifecycleHandler, PodSpec } from '../../../../shared/model/kubernetes.ts';
import { BY_EXIT_IMAGE, ended, IGNORED, RUNNING, sidecar, WAITING } from '../../../support/pods.ts';
import { FACTS, sidePod } from './setting.ts';

const NEVER: Partial<PodSpec> = { restartPolicy: 'Never' };
const ON_FAILURE: Partial<PodSpec> = { restartPolicy: 'OnFailure' };

const jobOf = (backoffLimit: number | undefined, parallelism?: number): Facts['job'] => ({
  metadata: { name: 'job' },
  spec: { backoffLimit, parallelism },
});

const withHook = (preStop: LifecycleHandler, env: EnvVar[] = []): Container => ({
  ...sidecar('side', env),
  lifecycle: { preStop },
});
const HOOK: LifecycleHandler = { exec: { command: ['/flush'] } };

const ladder = (side: Container, spec: Partial<PodSpec>, facts: Partial<Facts> = {}) => {
  const { choices } = ladderFor(sidePod({ side, spec }), side, { ...FACTS, ...facts });
  return choices.map(({ strategy }) => strategy);
};

describe('the strategies', () => {
  it.each<[string, Container, Partial<PodSpec>, Partial<Facts>, Strategy[]]>([
    ['under Never', sidecar(), NEVER, {}, ['exec', 'ephemeral', 'stop']],
    ['under OnFailure', sidecar(), ON_FAILURE, {}, ['exec', 'ephemeral']],
    [
      'with an exit image under Never',
      sidecar('side', [BY_EXIT_IMAGE]),
      NEVER,
      {},
      ['image', 'exec', 'ephemeral', 'stop'],
    ],
    [
      'with an exit image under OnFailure, without a Job',
      sidecar('side', [BY_EXIT_IMAGE]),
      ON_FAILURE,
      {},
      ['image', 'exec', 'ephemeral'],
    ],
    [
      'with an exit image under OnFailure, in a Job that bears a restart',
      sidecar('side', [BY_EXIT_IMAGE]),
      ON_FAILURE,
      { job: jobOf(6) },
      ['image', 'exec', 'ephemeral'],
    ],
    [
      'with an exit image under OnFailure, in a Job that bears none',
      sidecar('side', [BY_EXIT_IMAGE]),
      ON_FAILURE,
      { job: jobOf(0) },
      ['exec', 'ephemeral'],
    ],
    [
      'with an exit image under Never, whatever the Job bears',
      sidecar('side', [BY_EXIT_IMAGE]),
      NEVER,
      { job: jobOf(0) },
      ['image', 'exec', 'ephemeral', 'stop'],
    ],
    [
      'where the exit code is not to count',
      sidecar('side', [IGNORED]),
      NEVER,
      {},
      ['phase', 'exec', 'ephemeral', 'stop'],
    ],
    [
      'where the exit code is not to count under OnFailure',
      sidecar('side', [IGNORED]),
      ON_FAILURE,
      {},
      ['phase', 'exec', 'ephemeral'],
    ],
    [
      'with everything',
      sidecar('side', [IGNORED, BY_EXIT_IMAGE]),
      NEVER,
      {},
      ['phase', 'image', 'exec', 'ephemeral', 'stop'],
    ],
    ['without an image for ephemeral containers', sidecar(), NEVER, { killerImage: '' }, ['exec', 'stop']],
    ['with a preStop under Never', withHook(HOOK), NEVER, {}, ['stop', 'exec', 'ephemeral']],
    [
      'with a preStop that only the kubelet can run',
      withHook({ sleep: { seconds: 3 } }),
      NEVER,
      {},
      ['stop', 'exec', 'ephemeral'],
    ],
    ['with a preStop under OnFailure', withHook(HOOK), ON_FAILURE, {}, ['stop', 'exec', 'ephemeral']],
    [
      'with a preStop under OnFailure, whatever the Job bears: an end with code 0 is no restart',
      withHook(HOOK, [BY_EXIT_IMAGE]),
      ON_FAILURE,
      { job: jobOf(0) },
      ['stop', 'exec', 'ephemeral'],
    ],
    [
      'with a preStop and an exit image under OnFailure',
      withHook(HOOK, [BY_EXIT_IMAGE]),
      ON_FAILURE,
      { job: jobOf(6) },
      ['image', 'stop', 'exec', 'ephemeral'],
    ],
    [
      'with another hook under OnFailure',
      { ...sidecar(), lifecycle: { postStart: HOOK } },
      ON_FAILURE,
      {},
      ['exec', 'ephemeral'],
    ],
    [
      'with a preStop in a shared process namespace under OnFailure',
      withHook(HOOK),
      { ...ON_FAILURE, shareProcessNamespace: true },
      {},
      ['stop'],
    ],
    [
      'with a preStop and an exit image',
      withHook(HOOK, [BY_EXIT_IMAGE]),
      NEVER,
      {},
      ['image', 'stop', 'exec', 'ephemeral'],
    ],
    ['in a shared process namespace', sidecar(), { ...NEVER, shareProcessNamespace: true }, {}, ['stop']],
    ['in the process namespace of the host', sidecar(), { ...NEVER, hostPID: true }, {}, ['stop']],
    [
      'in a shared process namespace under OnFailure',
      sidecar(),
      { ...ON_FAILURE, shareProcessNamespace: true },
      {},
      [],
    ],
    [
      'in the process namespace of the host under OnFailure',
      sidecar(),
      { ...ON_FAILURE, hostPID: true },
      {},
      [],
    ],
    [
      'in a shared process namespace, with everything',
      withHook(HOOK, [IGNORED, BY_EXIT_IMAGE]),
      { ...NEVER, shareProcessNamespace: true },
      {},
      ['phase', 'image', 'stop'],
    ],
  ])('%s', (_, side, spec, facts, expected) => {
    expect(ladder(side, spec, facts)).toEqual(expected);
  });
});

it.each([
  ['runs', RUNNING, true],
  ['waits', WAITING, false],
  ['has ended', ended(0), false],
])('a container that %s has a process: %s', (_, state, expected) => {
  expect(hasProcess(sidePod({ state }), sidecar())).toBe(expected);
});
