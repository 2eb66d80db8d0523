import { describe, expect, it } from 'vitest';
import { decideTermination, type Step } from '../../../../shared/core/termination/decide.ts';
import type { Try } from '../../../../shared/core/termination/tries.ts';
import type { Container, Pod, PodSpec } from '../../../../shared/model/kubernetes.ts';
import { BY_EXIT_IMAGE, ended, sidecar, WAITING } from '../../../support/pods.ts';
import { FACTS, NOW, type SidePod, secondsAgo, shortly, sidePod, tried } from './setting.ts';

const ON_FAILURE: Partial<PodSpec> = { restartPolicy: 'OnFailure' };
const SWAPPED = sidecar('side', [BY_EXIT_IMAGE]);
const HOOKED: Container = { ...sidecar(), lifecycle: { preStop: { exec: { command: ['/flush'] } } } };
const refused = { outcome: 'refused' as const };
const failed = { outcome: 'failed' as const };

const stepsOf = (pod: Pod): Step[] => {
  const decision = decideTermination(pod, FACTS, NOW);
  return decision.kind === 'steps' ? decision.steps : [];
};

const times = (count: number, each: Try): Try[] => Array.from({ length: count }, () => each);

describe('a sidecar', () => {
  it.each<[string, SidePod, string]>([
    ['is signalled when no try is recorded', {}, 'exec 1'],
    ['has its grace period and five seconds after a signal', { tries: [tried('exec', 24)] }, 'wait 1'],
    ['is stopped after it under Never', { tries: [tried('exec', 25)] }, 'stop 2'],
    [
      'is signalled again after it under OnFailure',
      { tries: [tried('exec', 25)], spec: ON_FAILURE },
      'exec 2',
    ],
    [
      'is signalled again when a stop has had its time',
      { tries: [tried('exec', 90), tried('stop', 30)] },
      'exec 3',
    ],
    ['has that time before', { tries: [tried('exec', 90), tried('stop', 29)] }, 'wait 1'],
    ['waits 5 s after a signal that failed', { tries: [tried('exec', 4, failed)] }, 'wait 1'],
    ['is signalled again after them', { tries: [tried('exec', 5, failed)] }, 'exec 2'],
    [
      'gets an ephemeral container after three that failed',
      { tries: times(3, tried('exec', 5, failed)) },
      'ephemeral 4',
    ],
    ['gets one at once where a signal was refused', { tries: [tried('exec', 0, refused)] }, 'ephemeral 2'],
    [
      'is stopped at once where both were refused',
      { tries: [tried('exec', 0, refused), tried('ephemeral', 0, refused)] },
      'stop 3',
    ],
    [
      'gets no ephemeral container where a signal was sent: it would be one more of the same',
      { tries: [tried('exec', 25), tried('stop', 0, refused)] },
      'exec 3',
    ],
    [
      'gets one where a signal is refused that was recorded before: it was never sent',
      { tries: [tried('exec', 25), tried('exec', 0, refused)], spec: ON_FAILURE },
      'ephemeral 3',
    ],
    [
      'gets one where signals keep failing after one that was sent: it may not have arrived',
      { tries: [tried('exec', 60), ...times(3, tried('exec', 5, failed))], spec: ON_FAILURE },
      'ephemeral 5',
    ],
    ['is swapped first where it names an exit image', { side: SWAPPED }, 'image 1'],
    ["has the node's time after it", { side: SWAPPED, tries: [tried('image', 29)] }, 'wait 1'],
    ['is signalled after it', { side: SWAPPED, tries: [tried('image', 30)] }, 'exec 2'],
    [
      'is signalled at once where the swap was refused',
      { side: SWAPPED, tries: [tried('image', 0, refused)] },
      'exec 2',
    ],
    ['counts a record of another form as no try', { tries: [{} as Try] }, 'exec 1'],
    ['is stopped first where it has a preStop', { side: HOOKED, spec: ON_FAILURE }, 'stop 1'],
    [
      "has the node's time after it",
      { side: HOOKED, spec: ON_FAILURE, tries: [tried('stop', 29)] },
      'wait 1',
    ],
    [
      'is signalled at once where the stop was refused',
      { side: HOOKED, spec: ON_FAILURE, tries: [tried('stop', 0, refused)] },
      'exec 2',
    ],
    [
      'is signalled where it still runs after the stop',
      { side: HOOKED, spec: ON_FAILURE, tries: [tried('stop', 30)] },
      'exec 2',
    ],
    [
      'is not signalled where it waits for its image after the stop',
      { side: HOOKED, spec: ON_FAILURE, tries: [tried('stop', 30)], state: WAITING },
      'TerminationGivenUp',
    ],
  ])('%s', (_, parts, expected) => {
    expect(shortly(sidePod(parts))).toEqual([expected]);
  });

  it('is signalled when its record can not be read', () => {
    const pod = sidePod();
    const metadata = { ...pod.metadata, annotations: { 'serverless.sidecarset.io/termination': '{"side":' } };
    expect(shortly({ ...pod, metadata })).toEqual(['exec 1']);
  });

  it('is told why', () => {
    expect(stepsOf(sidePod())).toEqual([
      {
        kind: 'try',
        container: 'side',
        strategy: 'exec',
        attempt: 1,
        why: expect.stringContaining('process 1'),
      },
    ]);
  });
});

it('nothing is done where nothing is due', () => {
  const pod = sidePod({ state: ended(0), tries: [tried('exec', 90)] });
  expect(decideTermination(pod, FACTS, NOW)).toEqual({ kind: 'nothing', code: 'TerminationOver' });
});

it('a try of the future is waited for', () => {
  expect(shortly(sidePod({ tries: [{ ...tried('exec', 0), at: secondsAgo(-10) }] }))).toEqual(['wait 35']);
});
