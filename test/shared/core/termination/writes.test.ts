import { describe, expect, it } from 'vitest';
import { triesOf } from '../../../../shared/core/termination/tries.ts';
import {
  ephemeralWrite,
  firstWrite,
  isMadeByFirstWrite,
  refusedWrite,
  type TryStep,
  type Write,
} from '../../../../shared/core/termination/writes.ts';
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
import { NOW, recordOf, secondsAgo, tried } from './setting.ts';

const step = (container: string, strategy: TryStep['strategy'], attempt = 1): TryStep => ({
  kind: 'try',
  container,
  strategy,
  attempt,
  why: 'because',
});

const podOf = (sides: Container[], mains: ContainerState[] = [ended(0)], tries = {}): Pod => {
  const named = mains.map((state, index) => ({ container: main(`main-${index}`), state }));
  return makePod({
    containers: [...named.map(({ container }) => container), ...sides],
    statuses: [
      ...named.map(({ container, state }) => statusOf(container.name, state)),
      ...sides.map(({ name }) => ({ ...statusOf(name, RUNNING), restartCount: 2 })),
    ],
    phase: 'Running',
    metadata: { annotations: { 'of.somebody/else': 'kept', ...recordOf(tries) } },
  });
};

const SWAPPED = sidecar('a', [BY_EXIT_IMAGE]);
const QUIET = sidecar('q', [IGNORED]);

const recorded = ({ patch }: Write) => triesOf({ metadata: patch['metadata'] as Pod['metadata'] });

describe('the first write', () => {
  it('records the try with its time and the restarts so far', () => {
    expect(recorded(firstWrite(podOf([sidecar()]), [step('side', 'exec', 3)], NOW))).toEqual({
      side: [{ strategy: 'exec', attempt: 3, at: secondsAgo(0), restarts: 2 }],
    });
  });

  it('keeps the tries of before', () => {
    const before = { side: [tried('exec', 20)], gone: [tried('exec', 90)] };
    const pod = podOf([sidecar()], [ended(0)], before);
    expect(recorded(firstWrite(pod, [step('side', 'stop', 2)], NOW))).toMatchObject({
      side: [{ strategy: 'exec' }, { strategy: 'stop', attempt: 2 }],
      gone: [{ strategy: 'exec' }],
    });
  });

  it('holds for the Pod as it was read, and names nothing else of it', () => {
    const { patch, subresource } = firstWrite(podOf([sidecar()]), [step('side', 'exec')], NOW);
    expect(patch).toEqual({
      metadata: {
        uid: 'uid-x',
        resourceVersion: '7',
        annotations: { 'serverless.sidecarset.io/termination': expect.any(String) },
      },
    });
    expect(subresource).toBeUndefined();
  });

  it('carries the images of those that are swapped or stopped, and no others', () => {
    const pod = podOf([SWAPPED, sidecar('b'), sidecar('c')]);
    const steps = [step('a', 'image'), step('b', 'stop'), step('c', 'exec')];
    const write = firstWrite(pod, steps, NOW);
    expect(write.patch['spec']).toEqual({
      containers: [
        { name: 'a', image: 'registry/exit:1' },
        { name: 'b', image: 'sidecarset.io/Ended' },
      ],
    });
    expect(Object.keys(recorded(write))).toEqual(['a', 'b', 'c']);
  });

  it('gives each ephemeral container a name of its own', () => {
    const pod = podOf([sidecar('a'), sidecar('b'), sidecar('c')]);
    const steps = [step('a', 'ephemeral'), step('b', 'exec'), step('c', 'ephemeral')];
    const { a, b, c } = recorded(firstWrite(pod, steps, NOW));
    expect([a, b, c].map((tries) => tries?.[0]?.killer)).toEqual([
      'sidecarset-end-1',
      undefined,
      'sidecarset-end-2',
    ]);
  });
});

describe('the phase', () => {
  const phaseOf = (mains: ContainerState[]) =>
    firstWrite(podOf([QUIET], mains), [step('q', 'phase')], NOW).patch['status'];

  it.each<[string, ContainerState[], string]>([
    ['Succeeded where every main container ended with 0', [ended(0), ended(0)], 'Succeeded'],
    ['Failed where one did not', [ended(0), ended(1)], 'Failed'],
    ['Succeeded without main containers', [], 'Succeeded'],
  ])('is %s', (_, mains, phase) => {
    expect(phaseOf(mains)).toMatchObject({ phase });
  });

  it('is written with its condition and its record at once', () => {
    const write = firstWrite(podOf([QUIET]), [step('q', 'phase')], NOW);
    expect(write).toMatchObject({
      subresource: 'status',
      patch: {
        metadata: { uid: 'uid-x', resourceVersion: '7' },
        status: {
          phase: 'Succeeded',
          conditions: [{ type: 'SidecarTerminated', status: 'True', lastTransitionTime: secondsAgo(0) }],
        },
      },
    });
    expect(recorded(write)).toMatchObject({ q: [{ strategy: 'phase' }] });
  });

  it('does not come from sidecars that ended before', () => {
    const pod = podOf([QUIET, sidecar()]);
    const statuses = pod.status?.containerStatuses?.map((status) =>
      status.name === 'side' ? statusOf('side', ended(143)) : status,
    );
    const failed = { ...pod, status: { ...pod.status, containerStatuses: statuses } };
    expect(firstWrite(failed, [step('q', 'phase')], NOW).patch['status']).toMatchObject({
      phase: 'Succeeded',
    });
  });
});

it.each([
  ['phase', true],
  ['image', true],
  ['stop', true],
  ['exec', false],
  ['ephemeral', false],
] as const)('a try of %s is made by the first write: %s', (strategy, expected) => {
  expect(isMadeByFirstWrite(step('side', strategy))).toBe(expected);
});

it('what the first write may not do is recorded as refused, without doing anything', () => {
  const write = refusedWrite(podOf([SWAPPED, sidecar('b')]), [step('a', 'image'), step('b', 'exec')], NOW);
  expect(recorded(write)).toEqual({
    a: [{ strategy: 'image', attempt: 1, at: secondsAgo(0), restarts: 2, outcome: 'refused' }],
  });
  expect(Object.keys(write.patch)).toEqual(['metadata']);
  expect(write.patch['metadata']).toMatchObject({ uid: 'uid-x', resourceVersion: '7' });
  expect(write.subresource).toBeUndefined();
});

it('an ephemeral container is added to this very Pod, in whatever version', () => {
  const write = ephemeralWrite(podOf([sidecar()]), 'side', 'sidecarset-end-1', 'registry/killer:1');
  expect(write).toMatchObject({
    subresource: 'ephemeralcontainers',
    patch: {
      metadata: { uid: 'uid-x' },
      spec: { ephemeralContainers: [{ name: 'sidecarset-end-1', targetContainerName: 'side' }] },
    },
  });
  expect(write.patch['metadata']).toEqual({ uid: 'uid-x' });
});
