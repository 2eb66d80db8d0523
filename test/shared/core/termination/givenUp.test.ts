import { describe, expect, it } from 'vitest';
import { decideTermination } from '../../../../shared/core/termination/decide.ts';
import type { Facts } from '../../../../shared/core/termination/strategies.ts';
import type { Try } from '../../../../shared/core/termination/tries.ts';
import type { Container, PodSpec } from '../../../../shared/model/kubernetes.ts';
import { BY_EXIT_IMAGE, sidecar, WAITING } from '../../../support/pods.ts';
import { FACTS, NOW, type SidePod, shortly, sidePod, told, tried } from './setting.ts';

const ON_FAILURE: Partial<PodSpec> = { restartPolicy: 'OnFailure' };
const SHARED: Partial<PodSpec> = { ...ON_FAILURE, shareProcessNamespace: true };
const SWAPPED = sidecar('side', [BY_EXIT_IMAGE]);
const refused = { outcome: 'refused' as const };
const failed = { outcome: 'failed' as const };
const NONE: Partial<Facts> = { killerImage: '' };

const times = (count: number, each: Try): Try[] => Array.from({ length: count }, () => each);

describe('a sidecar', () => {
  it.each<[string, SidePod, Partial<Facts>, string]>([
    [
      'is given up after the third signal',
      { tries: times(3, tried('exec', 25)), spec: ON_FAILURE },
      {},
      'TerminationGivenUp',
    ],
    ['has its time after it', { tries: times(3, tried('exec', 24)), spec: ON_FAILURE }, {}, 'wait 1'],
    [
      'is not given up after the second',
      { tries: times(2, tried('exec', 25)), spec: ON_FAILURE },
      {},
      'exec 3',
    ],
    [
      'is given up under Never after everything',
      { tries: [tried('exec', 90), tried('stop', 30), ...times(2, tried('exec', 25))] },
      {},
      'TerminationGivenUp',
    ],
    [
      'is given up where every way was refused',
      { tries: [tried('exec', 0, refused), tried('ephemeral', 0, refused)], spec: ON_FAILURE },
      {},
      'TerminationGivenUp',
    ],
    ['is given up where none is open', { spec: SHARED }, {}, 'TerminationGivenUp'],
    [
      'is not given up for a node that does not answer',
      { tries: times(3, tried('exec', 5, failed)), spec: ON_FAILURE },
      NONE,
      'exec 4',
    ],
    [
      'is signalled each minute then',
      { tries: times(4, tried('exec', 59, failed)), spec: ON_FAILURE },
      NONE,
      'wait 1',
    ],
    [
      'is given up for it after the tenth failure',
      { tries: times(10, tried('exec', 60, failed)), spec: ON_FAILURE },
      NONE,
      'TerminationGivenUp',
    ],
    [
      'is signalled as often as ever when the node answers again',
      { tries: [...times(4, tried('exec', 99, failed)), tried('exec', 25)], spec: ON_FAILURE },
      NONE,
      'exec 6',
    ],
    [
      'gets its ephemeral container again that was recorded and is not there',
      { tries: [tried('exec', 30, refused), tried('ephemeral', 30, { killer: 'k' })], spec: ON_FAILURE },
      {},
      'ephemeral 3',
    ],
    [
      'is given up where it is there and has led to nothing',
      {
        tries: [tried('exec', 30, refused), tried('ephemeral', 30, { killer: 'k' })],
        spec: ON_FAILURE,
        killers: { k: 0 },
      },
      {},
      'TerminationGivenUp',
    ],
    [
      'is given up where three of them never were',
      {
        tries: [tried('exec', 30, refused), ...times(3, tried('ephemeral', 30, { killer: 'k' }))],
        spec: ON_FAILURE,
      },
      {},
      'TerminationGivenUp',
    ],
  ])('%s', (_, parts, facts, expected) => {
    expect(shortly(sidePod(parts), facts)).toEqual([expected]);
  });
});

const HOOKED: Container = { ...sidecar(), lifecycle: { preStop: { sleep: { seconds: 1 } } } };

describe('what its owner is told', () => {
  const whyOf = (parts: SidePod, facts: Partial<Facts> = {}): string | undefined => {
    const decision = decideTermination(sidePod(parts), { ...FACTS, ...facts }, NOW);
    const [step] = decision.kind === 'steps' ? decision.steps : [];
    return step?.kind === 'leave' ? step.why : undefined;
  };

  it('is what was tried, and why the rest was not', () => {
    expect(whyOf({ tries: times(3, tried('exec', 25)), spec: ON_FAILURE }, NONE)).toBe(
      [
        'tried exec',
        'not phase: its exit code counts',
        'not image: it names no exit image',
        'not ephemeral: no image for ephemeral containers is configured',
        'not stop: after another exit code than 0 the container would wait for its image for ever under OnFailure',
      ].join('; '),
    );
  });

  it('is only why not, where nothing was tried', () => {
    expect(whyOf({ spec: SHARED })).toMatch(
      /^not phase: .*; not exec: .*shares a process namespace; not eph/,
    );
  });

  it('names what was refused or has failed', () => {
    const tries = [tried('exec', 9, failed), tried('exec', 0, refused), tried('ephemeral', 0, refused)];
    expect(whyOf({ tries, spec: ON_FAILURE })).toMatch(
      /^tried exec \(refused\), ephemeral \(refused\); not phase/,
    );
  });

  it('names a swap as tried that the Job could not bear again', () => {
    const job = { metadata: { name: 'job' }, spec: { backoffLimit: 2 } };
    const parts = {
      side: SWAPPED,
      tries: [tried('image', 30)],
      restarts: 1,
      state: WAITING,
      spec: ON_FAILURE,
    };
    expect(whyOf(parts, { job })).toMatch(/^tried image; not phase/);
    expect(whyOf(parts, { job })).not.toMatch(/not image/);
  });

  it('names a stop after which the sidecar waits for its image', () => {
    const parts = { side: HOOKED, tries: [tried('stop', 30)], state: WAITING, spec: ON_FAILURE };
    expect(shortly(sidePod(parts))).toEqual(['TerminationGivenUp']);
    expect(whyOf(parts)).toMatch(/^tried stop; not phase: .*; not image: [^;]*$/);
  });

  it.each<[string, SidePod, Partial<Facts>, RegExp | undefined]>([
    ['nothing once it was told', { tries: [told(60)], spec: SHARED }, {}, undefined],
    [
      'nothing once it was told after some tries',
      { tries: [...times(3, tried('exec', 90)), told(60)], spec: ON_FAILURE },
      {},
      undefined,
    ],
    [
      'nothing once it was told of a sidecar that waits for its image',
      { side: SWAPPED, tries: [tried('image', 90), told(60)], state: WAITING, spec: ON_FAILURE },
      {},
      undefined,
    ],
    [
      'all of it again when something was tried since',
      {
        tries: [tried('exec', 90, refused), told(90), tried('ephemeral', 30, { killer: 'k' })],
        spec: ON_FAILURE,
        killers: { k: 1 },
      },
      {},
      /^tried exec \(refused\), ephemeral; not phase/,
    ],
  ])('is %s', (_, parts, facts, expected) => {
    expect(shortly(sidePod(parts), facts)).toEqual(['TerminationGivenUp']);
    if (expected === undefined) expect(whyOf(parts, facts)).toBeUndefined();
    else expect(whyOf(parts, facts)).toMatch(expected);
  });

  it('does not keep it from a try that has become possible', () => {
    const parts = { tries: [tried('exec', 90, refused), told(60)], spec: ON_FAILURE };
    expect(shortly(sidePod(parts), NONE)).toEqual(['TerminationGivenUp']);
    expect(shortly(sidePod(parts))).toEqual(['ephemeral 2']);
  });
});
