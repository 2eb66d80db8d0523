/** Sidecars that end before the main containers, and whose exit code is not to count. */
import { describe, expect, it } from 'vitest';
import { decideTermination } from '../../../../shared/core/termination/decide.ts';
import { terminationDue } from '../../../../shared/core/termination/due.ts';
import type { Try } from '../../../../shared/core/termination/tries.ts';
import type { ContainerState, Pod, PodSpec } from '../../../../shared/model/kubernetes.ts';
import {
  BY_EXIT_IMAGE,
  ended,
  IGNORED,
  main,
  makePod,
  RUNNING,
  sidecar,
  statusOf,
} from '../../../support/pods.ts';
import { FACTS, NOW, type SidePod, shortly, sidePod, tried } from './setting.ts';

const ON_FAILURE: Partial<PodSpec> = { restartPolicy: 'OnFailure' };
const refused = { outcome: 'refused' as const };

const verdict = (pod: Pod): unknown => {
  const due = terminationDue(pod);
  return due.kind === 'yes' ? due.sidecars.map(({ name }) => name) : due.code;
};

describe('a sidecar whose exit code is not to count', () => {
  const quietPod = (
    states: Record<string, ContainerState>,
    mainState: ContainerState = ended(0),
    parts: { restartPolicy?: Pod['spec']['restartPolicy']; phase?: NonNullable<Pod['status']>['phase'] } = {},
  ): Pod => {
    const { restartPolicy = 'Never', phase = 'Running' } = parts;
    const sides = Object.keys(states).map((name) => sidecar(name, name.startsWith('quiet') ? [IGNORED] : []));
    const statuses = Object.entries(states).map(([name, state]) => statusOf(name, state));
    return makePod({
      containers: [main(), ...sides],
      statuses: [statusOf('main', mainState), ...statuses],
      phase,
      spec: { restartPolicy },
    });
  };

  it.each<[string, Pod, unknown]>([
    ['is due while it runs', quietPod({ quiet: RUNNING }), ['quiet']],
    ['is due when it has crashed', quietPod({ quiet: ended(1) }), ['quiet']],
    [
      'is due when it has crashed under OnFailure',
      quietPod({ quiet: ended(1) }, ended(0), { restartPolicy: 'OnFailure' }),
      ['quiet'],
    ],
    [
      'is due when it has crashed beside a main container that failed',
      quietPod({ quiet: ended(1) }, ended(2)),
      ['quiet'],
    ],
    ['is over when it has ended with 0', quietPod({ quiet: ended(0) }), 'TerminationOver'],
    [
      'is not due before the main container has ended',
      quietPod({ quiet: ended(1) }, RUNNING),
      'TerminationMainsRunning',
    ],
    [
      'is over, crashed or not, when the Pod is',
      quietPod({ quiet: ended(1) }, ended(0), { phase: 'Failed' }),
      'TerminationOver',
    ],
    [
      'is not due, crashed, before the others have ended',
      quietPod({ quiet: ended(1), other: RUNNING, last: ended(0) }),
      ['other'],
    ],
    [
      'is due, crashed, when they have, however they did',
      quietPod({ quiet: ended(1), 'quiet-and-well': ended(0), other: ended(143) }),
      ['quiet'],
    ],
    [
      'is not due, crashed, beside one that runs: its phase is enough',
      quietPod({ quiet: ended(1), 'quiet-too': RUNNING }),
      ['quiet-too'],
    ],
    ['and no other is due when it has crashed', quietPod({ other: ended(1) }), 'TerminationOver'],
  ])('%s', (_, pod, expected) => {
    expect(verdict(pod)).toEqual(expected);
  });
});

describe('a sidecar that has crashed, and whose exit code is not to count', () => {
  const crashed = (tries: Try[] = [], env = [IGNORED]): SidePod => ({
    side: sidecar('side', env),
    state: ended(1),
    tries,
  });

  it.each<[string, SidePod, string]>([
    ['has the phase set before its node counts it', crashed(), 'phase 1'],
    [
      'has nothing but the phase set, whatever else there is',
      crashed([], [IGNORED, BY_EXIT_IMAGE]),
      'phase 1',
    ],
    ['is over where the phase was refused', crashed([tried('phase', 0, refused)]), 'TerminationOver'],
    [
      'is over then with an exit image, too: it has ended',
      crashed([tried('phase', 0, refused)], [IGNORED, BY_EXIT_IMAGE]),
      'TerminationOver',
    ],
    ['has the time of a phase that was set', crashed([tried('phase', 29)]), 'wait 1'],
    ['is over after it', crashed([tried('phase', 30)]), 'TerminationOver'],
    ['has the same under OnFailure', { ...crashed(), spec: ON_FAILURE }, 'phase 1'],
  ])('%s', (_, parts, expected) => {
    expect(shortly(sidePod(parts))).toEqual([expected]);
  });

  it('is nothing that its owner is told', () => {
    expect(decideTermination(sidePod(crashed([tried('phase', 0, refused)])), FACTS, NOW)).toEqual({
      kind: 'steps',
      steps: [{ kind: 'leave', container: 'side', code: 'TerminationOver' }],
    });
  });
});
