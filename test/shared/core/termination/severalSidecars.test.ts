import { describe, expect, it } from 'vitest';
import { decideTermination, type Step } from '../../../../shared/core/termination/decide.ts';
import type { Try } from '../../../../shared/core/termination/tries.ts';
import type { Container, ContainerState, Pod } from '../../../../shared/model/kubernetes.ts';
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
import { FACTS, NOW, recordOf, shortly, tried } from './setting.ts';

const refused = { outcome: 'refused' as const };

const stepsOf = (pod: Pod): Step[] => {
  const decision = decideTermination(pod, FACTS, NOW);
  return decision.kind === 'steps' ? decision.steps : [];
};

describe('several sidecars', () => {
  const podOf = (sides: [Container, ContainerState][], tries: Record<string, Try[]> = {}): Pod =>
    makePod({
      containers: [main(), ...sides.map(([side]) => side)],
      statuses: [statusOf('main', ended(0)), ...sides.map(([{ name }, state]) => statusOf(name, state))],
      phase: 'Running',
      metadata: { annotations: recordOf(tries) },
    });
  const quiet = (name: string, env = [IGNORED]): Container => sidecar(name, env);

  it('have each their own step, and none when they have ended', () => {
    const pod = podOf(
      [
        [sidecar('a'), RUNNING],
        [sidecar('b'), ended(0)],
        [sidecar('c', [BY_EXIT_IMAGE]), RUNNING],
      ],
      { a: [tried('exec', 1)] },
    );
    expect(stepsOf(pod).map(({ kind, container }) => [kind, container])).toEqual([
      ['wait', 'a'],
      ['try', 'c'],
    ]);
    expect(shortly(pod)).toEqual(['wait 34', 'image 1']);
  });

  it.each<[string, Pod, string[]]>([
    [
      'wait for the others where their exit code is not to count',
      podOf([
        [quiet('a'), RUNNING],
        [sidecar('b'), RUNNING],
      ]),
      ['TerminationQueued', 'exec 1'],
    ],
    [
      'have their turn when the others have ended',
      podOf([
        [quiet('a'), RUNNING],
        [sidecar('b'), ended(143)],
      ]),
      ['phase 1'],
    ],
    [
      'have their turn when the others have ended, and they have crashed',
      podOf([
        [quiet('a'), ended(1)],
        [sidecar('b'), ended(0)],
      ]),
      ['phase 1'],
    ],
    [
      'are left out of the steps for the others where they have crashed',
      podOf([
        [quiet('a'), ended(1)],
        [sidecar('b'), RUNNING],
      ]),
      ['exec 1'],
    ],
    [
      'share one phase',
      podOf([
        [quiet('a'), RUNNING],
        [quiet('b'), RUNNING],
      ]),
      ['phase 1', 'phase 1'],
    ],
    [
      'go on together where the phase was refused',
      podOf(
        [
          [quiet('a'), RUNNING],
          [quiet('b'), RUNNING],
        ],
        { a: [tried('phase', 0, refused)], b: [tried('phase', 0, refused)] },
      ),
      ['exec 2', 'exec 2'],
    ],
    [
      'have nothing tried beside the phase of another: it ends the Pod',
      podOf(
        [
          [quiet('a', [IGNORED, BY_EXIT_IMAGE]), RUNNING],
          [quiet('b'), RUNNING],
        ],
        { a: [tried('phase', 0, refused)] },
      ),
      ['TerminationQueued', 'phase 1'],
    ],
  ])('%s', (_, pod, expected) => {
    expect(shortly(pod)).toEqual(expected);
  });
});
