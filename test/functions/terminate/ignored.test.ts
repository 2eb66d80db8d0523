/** Sidecars whose exit code is not to count: the phase of the Pod comes from its main containers. */
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { clusterError } from '../../support/fakeCluster.ts';
import { BY_EXIT_IMAGE, ended, IGNORED, sidecar, statusOf } from '../../support/pods.ts';
import { createWorld, type WorldParts } from './world.ts';

const quiet = (name: string) => sidecar(name, [IGNORED]);

/** Of sidecar `a`, before the main container ended. */
const endedEarly =
  (exitCode: number) =>
  (pod: Pod): Pod => ({
    ...pod,
    status: {
      ...pod.status,
      containerStatuses: pod.status?.containerStatuses?.map((each) =>
        each.name === 'a' ? statusOf('a', ended(exitCode)) : each,
      ),
    },
  });

describe('such a sidecar that has ended before the main container', () => {
  it.each<[string, WorldParts, string[], string]>([
    ['has the phase set when it crashed', { change: endedEarly(1) }, ['0 phase Succeeded'], 'Succeeded'],
    [
      'has the phase set that the main container has earned',
      { change: endedEarly(1), mainCode: 2 },
      ['0 phase Failed'],
      'Failed',
    ],
    [
      'shares it with one of its kind that runs',
      { change: endedEarly(1), sides: [quiet('a'), quiet('b')] },
      ['0 phase Succeeded'],
      'Succeeded',
    ],
    [
      'is left to its node where the phase is refused, with an exit image, too',
      {
        change: endedEarly(1),
        sides: [sidecar('a', [IGNORED, BY_EXIT_IMAGE])],
        refusals: { phase: clusterError(403, 'Forbidden') },
      },
      ['0 phase Succeeded (403)'],
      'Failed',
    ],
    ['needs nothing when it ended with 0', { change: endedEarly(0) }, [], 'Succeeded'],
  ])('%s', async (_, parts, acts, phase) => {
    const world = createWorld({ sides: [quiet('a')], ...parts });
    await world.run();
    expect(world.acts).toEqual(acts);
    expect(world.pod().status?.phase).toBe(phase);
  });

  it('is over in the same run where the phase is refused, and its owner is not told', async () => {
    const world = createWorld({
      sides: [quiet('a')],
      change: endedEarly(1),
      refusals: { phase: clusterError(403, 'Forbidden') },
    });
    await expect(world.deliver()).resolves.toMatchObject([
      { kind: 'done', code: 'TerminationFailed' },
      { kind: 'done', code: 'TerminationOver' },
    ]);
    expect(world.cluster.writes()).not.toContain('create events');
  });
});

describe('a sidecar whose exit code is not to count', () => {
  it.each<[string, WorldParts, string[], string]>([
    [
      'waits for the others, then ends with the phase',
      { sides: [quiet('a'), sidecar('b')], behaviours: { a: { onTerm: 143 } } },
      ['0 term b', '0 phase Succeeded'],
      'Succeeded',
    ],
    [
      'waits for others that take their time',
      { sides: [quiet('a'), sidecar('b')], behaviours: { b: { onTerm: 'nothing' } } },
      ['0 term b', '26 stop b', '26 phase Succeeded'],
      'Succeeded',
    ],
    [
      'ends with the phase of the main containers, not of the others',
      { sides: [quiet('a'), sidecar('b')], behaviours: { b: { onTerm: 143 } } },
      ['0 term b', '0 phase Succeeded'],
      'Succeeded',
    ],
    [
      'ends with one phase for all of its kind',
      { sides: [quiet('a'), quiet('b')], mainCode: 1 },
      ['0 phase Failed'],
      'Failed',
    ],
    [
      'waits for ever for one that does not end',
      {
        sides: [quiet('a'), sidecar('b')],
        behaviours: { b: { onTerm: 'nothing' } },
        spec: { restartPolicy: 'OnFailure' },
      },
      ['0 term b', '26 term b', '52 term b', '78 tell b'],
      'Running',
    ],
    [
      'goes down the ladder with those of its kind where the phase is refused',
      { sides: [quiet('a'), quiet('b')], refusals: { phase: clusterError(403, 'Forbidden') } },
      ['0 phase Succeeded (403)', '0 term a', '0 term b'],
      'Succeeded',
    ],
  ])('%s', async (_, parts, acts, phase) => {
    const world = createWorld(parts);
    await world.run();
    expect(world.acts).toEqual(acts);
    expect(world.pod().status?.phase).toBe(phase);
  });

  it('has its phase, the condition and the record written at once', async () => {
    const world = createWorld({ sides: [quiet('side')] });
    await expect(world.deliver()).resolves.toMatchObject([{ kind: 'done', code: 'TerminationPhase' }]);
    expect(world.cluster.writes()).toEqual(['patch pods/status']);
    expect(world.pod()).toMatchObject({
      metadata: {
        annotations: {
          'serverless.sidecarset.io/termination': expect.stringContaining('"strategy":"phase"'),
        },
      },
      status: {
        phase: 'Succeeded',
        conditions: expect.arrayContaining([
          expect.objectContaining({ type: 'SidecarTerminated', status: 'True' }),
        ]),
      },
    });
  });

  it('is left to its node after that', async () => {
    const world = createWorld({ sides: [quiet('side')], behaviours: { side: { onTerm: 143 } } });
    await world.deliver();
    expect(await world.run()).toEqual(['TerminationOver']);
    expect(world.done()).toEqual(['phase Succeeded']);
    expect(world.pod().status?.phase).toBe('Succeeded');
  });
});
