import { describe, expect, it } from 'vitest';
import type { PodSpec } from '../../../../shared/model/kubernetes.ts';
import { BY_EXIT_IMAGE, IGNORED, sidecar, WAITING } from '../../../support/pods.ts';
import { type SidePod, shortly, sidePod, tried } from './setting.ts';

const ON_FAILURE: Partial<PodSpec> = { restartPolicy: 'OnFailure' };
const SWAPPED = sidecar('side', [BY_EXIT_IMAGE]);
const refused = { outcome: 'refused' as const };

describe('a try has led to nothing before its time', () => {
  const killed = (exitCode: number | undefined, parts: SidePod = {}): SidePod => ({
    tries: [tried('exec', 1, refused), tried('ephemeral', 1, { killer: 'k' })],
    killers: { k: exitCode },
    ...parts,
  });

  it.each<[string, SidePod, string]>([
    ['when the killer could not signal', killed(1), 'stop 3'],
    ['when the killer has no such program', killed(127), 'stop 3'],
    ['not while the killer runs', killed(undefined), 'wait 29'],
    ['not when the killer has signalled', killed(0), 'wait 29'],
    ['not when the end of process 1 took the killer along', killed(137), 'wait 29'],
    [
      'not by the killer of somebody else',
      killed(1, { killers: { k: undefined, 'of-somebody': 1 } }),
      'wait 29',
    ],
    [
      'when the container was started again after a signal',
      { tries: [tried('exec', 1)], restarts: 1, spec: ON_FAILURE },
      'TerminationGivenUp',
    ],
    [
      'when it was started again after one from beside it',
      { ...killed(0), restarts: 1, spec: ON_FAILURE },
      'TerminationGivenUp',
    ],
    [
      'when it was started again under Never, by an upgrade',
      { tries: [tried('exec', 1)], restarts: 1 },
      'stop 2',
    ],
    [
      'not by restarts of before',
      { tries: [tried('exec', 1, { restarts: 3 })], restarts: 3, spec: ON_FAILURE },
      'wait 24',
    ],
    [
      'not by a restart after a signal that could not be sent: it is sent now',
      { tries: [tried('exec', 5, { outcome: 'failed' })], restarts: 1, spec: ON_FAILURE },
      'exec 2',
    ],
    [
      'not by a restart while such a signal has its 5 s',
      { tries: [tried('exec', 4, { outcome: 'failed' })], restarts: 1, spec: ON_FAILURE },
      'wait 1',
    ],
    [
      'not when the restart is the one into the exit image',
      { side: SWAPPED, tries: [tried('image', 1)], restarts: 1 },
      'wait 29',
    ],
  ])('%s', (_, parts, expected) => {
    expect(shortly(sidePod(parts))).toEqual([expected]);
  });
});

describe('a sidecar without a process', () => {
  const waiting = (parts: SidePod): SidePod => ({ state: WAITING, spec: ON_FAILURE, ...parts });

  it.each<[string, SidePod, string]>([
    ['is left alone until its next start', waiting({}), 'TerminationNotRunning'],
    ['gets its exit image at once', waiting({ side: SWAPPED }), 'image 1'],
    ['gets the phase at once', waiting({ side: sidecar('side', [IGNORED]) }), 'phase 1'],
    ['has the time of its exit image', waiting({ side: SWAPPED, tries: [tried('image', 29)] }), 'wait 1'],
    [
      'is given up after it: it waits for that image, or fails with it',
      waiting({ side: SWAPPED, tries: [tried('image', 30)], restarts: 1 }),
      'TerminationGivenUp',
    ],
    [
      'is left alone where the swap was refused',
      waiting({ side: SWAPPED, tries: [tried('image', 30, refused)] }),
      'TerminationNotRunning',
    ],
    ['is left alone after a signal, too', waiting({ tries: [tried('exec', 25)] }), 'TerminationNotRunning'],
    ['is not stopped either', { state: WAITING, tries: [tried('exec', 25)] }, 'TerminationNotRunning'],
  ])('%s', (_, parts, expected) => {
    expect(shortly(sidePod(parts))).toEqual([expected]);
  });
});
