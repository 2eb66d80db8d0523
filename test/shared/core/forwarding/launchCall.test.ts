import { describe, expect, it } from 'vitest';
import { asksForLaunch } from '../../../../shared/core/forwarding/launchCall.ts';
import type { ContainerState, Pod } from '../../../../shared/model/kubernetes.ts';
import { behind, ended, main, makePod, RUNNING, statusOf, WAITING } from '../../../support/pods.ts';

const COMPLETED = 'apps.kruise.io/container-launch-priority-completed';
const PULL: ContainerState = { waiting: { reason: 'ErrImagePull' } };
const BACK_OFF: ContainerState = { waiting: { reason: 'ImagePullBackOff' } };

/** First and second level, and a container that waits for none. */
const at = (
  [first, second, free]: [ContainerState, ContainerState, ContainerState],
  parts: { ready?: string[]; metadata?: Partial<Pod['metadata']>; phase?: 'Pending' | 'Failed' } = {},
): Pod => {
  const { ready = [], metadata, phase = 'Pending' } = parts;
  const states = { first, second, free };
  return makePod({
    containers: [behind(1, main('first')), behind(0, main('second')), main('free')],
    statuses: Object.entries(states).map(([name, state]) => statusOf(name, state, ready.includes(name))),
    phase,
    metadata,
  });
};
const starting = at([RUNNING, WAITING, RUNNING]);

describe('a change of a Pod', () => {
  it.each<[string, Pod, Pod]>([
    ['a container has turned ready', starting, at([RUNNING, WAITING, RUNNING], { ready: ['first'] })],
    ['a container has ended', starting, at([ended(0), WAITING, RUNNING])],
    ['a container has begun to wait for its level', at([RUNNING, {}, RUNNING]), starting],
  ])('calls for launch when %s', (_, before, after) => {
    expect(asksForLaunch({ before, after })).toBe(true);
  });

  it.each<[string, Pod, Pod]>([
    ['an image can not be pulled', at([PULL, WAITING, RUNNING]), at([BACK_OFF, WAITING, RUNNING])],
    ['a container runs and is not ready', at([PULL, WAITING, RUNNING]), starting],
    ['a container without a level gets on', starting, at([RUNNING, WAITING, ended(0)], { ready: ['free'] })],
    ['the start has failed', starting, at([ended(1), WAITING, RUNNING], { phase: 'Failed' })],
    [
      'all levels are open',
      starting,
      at([ended(0), WAITING, RUNNING], { metadata: { annotations: { [COMPLETED]: 'true' } } }),
    ],
  ])('calls for nothing when %s', (_, before, after) => {
    expect(asksForLaunch({ before, after })).toBe(false);
  });
});
