/** Each trap that a sidecar can be, from end to end. */
import { describe, expect, it } from 'vitest';
import { BY_EXIT_IMAGE, IGNORED, sidecar } from '../../support/pods.ts';
import { storyOf, type WorldParts } from './world.ts';

const SWAPPED = [sidecar('side', [BY_EXIT_IMAGE])];
const QUIET = [sidecar('side', [IGNORED])];
const HOOKED = [{ ...sidecar(), lifecycle: { preStop: { exec: { command: ['/flush'] } } } }];
const ON_FAILURE = { restartPolicy: 'OnFailure' } as const;
const SHARED = { shareProcessNamespace: true };
const HOST = { hostPID: true };
const NO_HANDLER = { side: { onTerm: 'nothing' } } as const;
const FAILING = { side: { onTerm: 143 } };

describe('the trap', () => {
  it.each<[string, WorldParts, string[]]>([
    [
      'of a process 1 without a handler: it runs on after the signal, and is stopped under Never',
      { behaviours: NO_HANDLER },
      ['0 term side', '26 stop side', 'Failed'],
    ],
    [
      'of a process 1 without a handler under OnFailure: three signals, then its owner is told',
      { behaviours: NO_HANDLER, spec: ON_FAILURE },
      ['0 term side', '26 term side', '52 term side', '78 tell side', 'Running'],
    ],
    [
      'of exit code 143 under OnFailure: started again, it is not signalled again, and its owner is told',
      { behaviours: FAILING, spec: ON_FAILURE },
      ['0 term side', '0 tell side', 'Running'],
    ],
    [
      'of OnFailure with backoffLimit 0: the swap would fail the Job, so it is signalled',
      { sides: SWAPPED, spec: ON_FAILURE, backoffLimit: 0 },
      ['0 term side', 'Succeeded'],
    ],
    [
      'of OnFailure with backoffLimit 1: the swap would reach the limit',
      { sides: SWAPPED, spec: ON_FAILURE, backoffLimit: 1 },
      ['0 term side', 'Succeeded'],
    ],
    [
      'of an exit image that can not be pulled under Never: it ends with its own code',
      { sides: SWAPPED, behaviours: { side: { onTerm: 0, exitImage: 'absent' } } },
      ['0 image side', 'Succeeded'],
    ],
    [
      'of an exit image that can not be pulled under OnFailure: an end with code 0 is one all the same',
      { sides: SWAPPED, behaviours: { side: { exitImage: 'absent' } }, spec: ON_FAILURE, backoffLimit: 6 },
      ['0 image side', 'Succeeded'],
    ],
    [
      'of such an image and another code under OnFailure: it waits for the image, and its owner is told',
      {
        sides: SWAPPED,
        behaviours: { side: { exitImage: 'absent', onTerm: 143 } },
        spec: ON_FAILURE,
        backoffLimit: 6,
      },
      ['0 image side', '31 tell side', 'Running'],
    ],
    [
      'of a preStop and exit code 143 under OnFailure: it waits for its image, and its owner is told',
      { sides: HOOKED, behaviours: FAILING, spec: ON_FAILURE },
      ['0 stop side', '31 tell side', 'Running'],
    ],
    [
      'of a preStop and a process 1 without a handler under OnFailure: the same, killed by its node',
      { sides: HOOKED, behaviours: NO_HANDLER, spec: ON_FAILURE },
      ['0 stop side', '31 tell side', 'Running'],
    ],
    [
      'of a preStop and exit code 143 under Never: its code counts',
      { sides: HOOKED, behaviours: FAILING },
      ['0 stop side', 'Failed'],
    ],
    [
      'of an exit image that fails under OnFailure: its owner is told',
      { sides: SWAPPED, behaviours: { side: { exitImage: 'fails' } }, spec: ON_FAILURE, backoffLimit: 6 },
      ['0 image side', '31 tell side', 'Running'],
    ],
    [
      'of an exit image whose command runs on: it is signalled after its time',
      { sides: SWAPPED, behaviours: { side: { exitImage: 'runs' } } },
      ['0 image side', '31 term side', 'Succeeded'],
    ],
    [
      'of an exit image whose command runs on and knows no signal: it is stopped',
      { sides: SWAPPED, behaviours: { side: { exitImage: 'runs', onTerm: 'nothing' } } },
      ['0 image side', '31 term side', '57 stop side', 'Failed'],
    ],
    [
      'of a shared process namespace: process 1 is another one, so it is stopped',
      { spec: SHARED },
      ['0 stop side', 'Succeeded'],
    ],
    ['of the process namespace of the host: the same', { spec: HOST }, ['0 stop side', 'Succeeded']],
    [
      'of a shared process namespace under OnFailure: its owner is told, and nothing is signalled',
      { spec: { ...ON_FAILURE, ...SHARED } },
      ['0 tell side', 'Running'],
    ],
    [
      'of the process namespace of the host under OnFailure: the same',
      { spec: { ...ON_FAILURE, ...HOST } },
      ['0 tell side', 'Running'],
    ],
    [
      'of a shared process namespace with an exit image: it is swapped',
      { sides: SWAPPED, spec: { ...ON_FAILURE, ...SHARED }, backoffLimit: 6 },
      ['0 image side', 'Succeeded'],
    ],
    [
      'of a shared process namespace with a code that is not to count: the phase is set',
      { sides: QUIET, spec: SHARED },
      ['0 phase Succeeded', 'Succeeded'],
    ],
  ])('%s', async (_, parts, expected) => {
    expect(await storyOf(parts)).toEqual(expected);
  });
});
