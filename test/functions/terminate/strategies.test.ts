/** Each strategy from end to end, and where none is needed. */
import { describe, expect, it } from 'vitest';
import { PODS } from '../../../shared/model/resources.ts';
import { BY_EXIT_IMAGE, IGNORED, sidecar } from '../../support/pods.ts';
import { createWorld, storyOf, type WorldParts } from './world.ts';

const SWAPPED = [sidecar('side', [BY_EXIT_IMAGE])];
const QUIET = [sidecar('side', [IGNORED])];
const ON_FAILURE = { restartPolicy: 'OnFailure' } as const;
const NO_HANDLER = { side: { onTerm: 'nothing' } } as const;
const FAILING = { side: { onTerm: 143 } };

describe('a sidecar', () => {
  it.each<[string, WorldParts, string[]]>([
    ['is signalled, and exits with 0', {}, ['0 term side', 'Succeeded']],
    [
      'is signalled, and exits with 143 under Never: its code counts',
      { behaviours: FAILING },
      ['0 term side', 'Failed'],
    ],
    [
      'is signalled when the main container has failed under Never',
      { mainCode: 1 },
      ['0 term side', 'Failed'],
    ],
    ['is signalled under OnFailure, and exits with 0', { spec: ON_FAILURE }, ['0 term side', 'Succeeded']],
    [
      'is swapped, and only the code of its exit image counts',
      { sides: SWAPPED, behaviours: FAILING },
      ['0 image side', 'Succeeded'],
    ],
    [
      'is swapped, and killed by its node where it knows no signal',
      { sides: SWAPPED, behaviours: NO_HANDLER },
      ['0 image side', 'Succeeded'],
    ],
    [
      'is swapped under OnFailure where the Job bears it',
      { sides: SWAPPED, behaviours: FAILING, spec: ON_FAILURE, backoffLimit: 6 },
      ['0 image side', 'Succeeded'],
    ],
    [
      'is swapped under Never with backoffLimit 0: restarts do not count',
      { sides: SWAPPED, behaviours: FAILING, backoffLimit: 0 },
      ['0 image side', 'Succeeded'],
    ],
    [
      'ends with the phase where its code is not to count',
      { sides: QUIET, behaviours: FAILING },
      ['0 phase Succeeded', 'Succeeded'],
    ],
    [
      'ends with the phase of a main container that has failed',
      { sides: QUIET, mainCode: 2 },
      ['0 phase Failed', 'Failed'],
    ],
    [
      'ends with the phase under OnFailure',
      { sides: QUIET, behaviours: NO_HANDLER, spec: ON_FAILURE, backoffLimit: 0 },
      ['0 phase Succeeded', 'Succeeded'],
    ],
  ])('%s', async (_, parts, expected) => {
    expect(await storyOf(parts)).toEqual(expected);
  });
});

describe('nothing is done', () => {
  it.each<[string, WorldParts]>([
    ['under Always', { spec: { restartPolicy: 'Always' } }],
    [
      'for native sidecars: their node ends them',
      {
        sides: [],
        spec: { initContainers: [{ ...sidecar(), restartPolicy: 'Always' }] },
      },
    ],
    [
      'in a Pod that is being deleted',
      {
        change: (pod) => ({
          ...pod,
          metadata: { ...pod.metadata, deletionTimestamp: '2026-03-01T12:00:00Z' },
        }),
      },
    ],
    [
      'in a Pod whose activeDeadlineSeconds are over',
      {
        change: (pod) => ({ ...pod, status: { ...pod.status, phase: 'Failed', reason: 'DeadlineExceeded' } }),
      },
    ],
  ])('%s', async (_, parts) => {
    const world = createWorld(parts);
    await world.run();
    expect(world.acts).toEqual([]);
    expect(world.cluster.writes()).toEqual([]);
  });

  it('more when the Pod is deleted between two tries', async () => {
    const world = createWorld({ behaviours: NO_HANDLER });
    await world.deliver();
    const pod = world.pod();
    const metadata = { ...pod.metadata, deletionTimestamp: '2026-03-01T12:00:05Z' };
    world.cluster.put(PODS, { ...pod, metadata });
    expect(await world.settle()).toEqual(['TerminationNotWanted']);
    expect(world.acts).toEqual(['0 term side']);
  });

  it('more when the time of the Pod is over between two tries', async () => {
    const world = createWorld({ behaviours: NO_HANDLER });
    await world.deliver();
    const pod = world.pod();
    const status = { ...pod.status, phase: 'Failed' as const, reason: 'DeadlineExceeded' };
    world.cluster.put(PODS, { ...pod, status });
    expect(await world.settle()).toEqual(['TerminationOver']);
    expect(world.acts).toEqual(['0 term side']);
  });
});
