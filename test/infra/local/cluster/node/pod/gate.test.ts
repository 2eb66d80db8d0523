import { expect, it } from 'vitest';
import { StartGate } from '../../../../../../infra/local/cluster/node/pod/gate.ts';
import type { Pod } from '../../../../../../shared/model/kubernetes.ts';
import { later, run } from './views.ts';

const pod: Pod = { metadata: { name: 'web', namespace: 'shop', uid: 'u' }, spec: { containers: [] } };
const images = {
  known: ['app:1', 'app:2'],
  find: (reference: string) =>
    ['app:1', 'app:2'].includes(reference)
      ? { id: reference, entrypoint: [], cmd: [], env: {}, files: {}, directories: [] }
      : undefined,
};
const container = (image: string, imagePullPolicy?: string) => ({ name: 'a', image, imagePullPolicy });
const ended = (at: number) => run(1, { exit: { exitCode: 1, reason: 'Error', at: later(at) } });

it('a crashing container pauses 10 s, then 20 s, 40 s ... but not before its first restart', () => {
  const gate = new StartGate(images);
  const pass = (endedAt: number, now: number) =>
    gate.pass(pod, container('app:1'), ended(endedAt), later(now));
  expect(pass(0, 0).kind).toBe('open');
  expect(pass(1, 2)).toMatchObject({
    kind: 'closed',
    retryIn: 9000,
    waiting: {
      reason: 'CrashLoopBackOff',
      message: 'back-off 10s restarting failed container=a pod=web_shop(u)',
    },
  });
  expect(pass(1, 11).kind).toBe('open');
  expect(pass(12, 13)).toMatchObject({ kind: 'closed', retryIn: 19_000 });
});

it('the pause ends at five minutes, and begins anew after ten quiet ones', () => {
  const gate = new StartGate(images);
  let now = 0;
  for (let crash = 0; crash < 7; crash++, now += 300)
    gate.pass(pod, container('app:1'), ended(now), later(now + 300));
  expect(gate.pass(pod, container('app:1'), ended(now), later(now))).toMatchObject({ retryIn: 300_000 });
  expect(gate.pass(pod, container('app:1'), ended(now + 1000), later(now + 1000)).kind).toBe('open');
  expect(gate.pass(pod, container('app:1'), ended(now + 1001), later(now + 1001))).toMatchObject({
    retryIn: 10_000,
  });
});

it('another image starts without a pause', () => {
  const gate = new StartGate(images);
  gate.pass(pod, container('app:1'), ended(0), later(0));
  expect(gate.pass(pod, container('app:1'), ended(1), later(1)).kind).toBe('closed');
  expect(gate.pass(pod, container('app:2'), ended(1), later(1)).kind).toBe('open');
});

it('an unknown image is an ErrImagePull, then a pause, then tried again', () => {
  const gate = new StartGate(images);
  const reasonAt = (now: number) => {
    const passage = gate.pass(pod, container('none:1'), undefined, later(now));
    return passage.kind === 'closed' ? passage.waiting.reason : 'open';
  };
  expect([0, 5, 11, 20, 32].map(reasonAt)).toEqual([
    'ErrImagePull',
    'ImagePullBackOff',
    'ErrImagePull',
    'ImagePullBackOff',
    'ErrImagePull',
  ]);
});

it('an unknown image that must not be pulled says so', () => {
  expect(new StartGate(images).pass(pod, container('none:1', 'Never'), undefined, later(0))).toMatchObject({
    waiting: { reason: 'ErrImageNeverPull' },
  });
});

it.each([
  'Always',
  'IfNotPresent',
  'Never',
])('a name that is none is never pulled, under the policy %s', (policy) => {
  const gate = new StartGate(images);
  const message =
    'Failed to apply default image tag "sidecarset.io/Ended": couldn\'t parse image name "sidecarset.io/Ended": ' +
    'invalid reference format: repository name (Ended) must be lowercase';
  for (const at of [0, 1, 20])
    expect(gate.pass(pod, container('sidecarset.io/Ended', policy), undefined, later(at))).toEqual({
      kind: 'closed',
      waiting: { reason: 'InvalidImageName', message },
      note: { type: 'warning', reason: 'InspectFailed', message },
    });
});
