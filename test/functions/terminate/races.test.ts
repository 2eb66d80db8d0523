/** Two runs at once, repeated events, and others that write the same Pod. */
import { describe, expect, it } from 'vitest';
import { triesOf } from '../../../shared/core/termination/tries.ts';
import { PODS } from '../../../shared/model/resources.ts';
import { clusterError } from '../../support/fakeCluster.ts';
import { ended, eventFor, RUNNING, statusOf } from '../../support/pods.ts';
import { interleaved } from './calls.ts';
import { SCENARIOS } from './scenarios.ts';
import { createWorld, OK, POD, replacePod, SIGNAL_TIME, touch, type World } from './world.ts';

const FORBIDDEN = clusterError(403, 'Forbidden', 'violates a policy');
const ORDERS = 200;

/** Of a write that is visible. */
const EVENT = eventFor('terminate', { resourceVersion: '1' });

const withoutRefused = (acts: string[]): string[] => acts.filter((act) => !act.endsWith(')'));

describe.each(SCENARIOS)('$what', ({ parts, first }) => {
  it('is done by one of two runs only, in many orders of their calls', async () => {
    for (let order = 0; order < ORDERS; order += 1) {
      const world = createWorld(parts);
      const deliver = (through: Parameters<World['deliver']>[1]) => world.deliver(undefined, through);
      await interleaved([deliver, deliver], order);
      expect(withoutRefused(world.done()), `order ${order}`).toEqual(withoutRefused(first));
    }
  });

  it('is not done again when its event is repeated within its time', async () => {
    const world = createWorld(parts);
    await world.deliver();
    for (let seconds = 1; seconds < SIGNAL_TIME; seconds += 6) {
      world.clock.pass(6);
      if (world.clock.now().getTime() < Date.parse('2026-03-01T12:00:00Z') + 1000 * SIGNAL_TIME)
        await world.deliver();
    }
    expect(world.done()).toEqual(first);
  });

  it('waits for the same time when its event is repeated', async () => {
    const world = createWorld(parts);
    await world.deliver();
    world.clock.pass(3);
    const outcomes = await world.deliver();
    expect(outcomes.map(({ code }) => code)).toEqual([
      first.includes('phase Succeeded') ? 'TerminationOver' : 'TerminationWaiting',
      ...(first.includes('image b') ? ['TerminationQueued'] : []),
    ]);
  });
});

it('a run meets the record of another one that was faster', async () => {
  const world = createWorld();
  world.cluster.before('patch', 'pods', async () => void (await world.deliver()));
  await expect(world.deliver()).resolves.toMatchObject([{ code: 'TerminationWaiting' }]);
  expect(world.acts).toEqual(['0 term side']);
});

describe('a write of somebody else', () => {
  it('that ended the reason for it is met before anything is done', async () => {
    const world = createWorld();
    const containerStatuses = [statusOf('main', ended(0)), statusOf('side', ended(0))];
    world.cluster.before('patch', 'pods', () => touch(world, { containerStatuses }));
    await expect(world.deliver()).resolves.toEqual([{ kind: 'done', code: 'TerminationOver' }]);
    expect(world.acts).toEqual([]);
  });

  it('before each of ours leaves the Pod to the next event', async () => {
    const world = createWorld();
    for (let count = 0; count < 5; count += 1) world.cluster.before('patch', 'pods', () => touch(world));
    await expect(world.deliver()).resolves.toEqual([{ kind: 'done', code: 'TerminationBusy' }]);
    expect(world.acts).toEqual([]);
  });

  it('while a signal is on its way does not keep its outcome from the record', async () => {
    const world = createWorld({ killerImage: '', spec: { restartPolicy: 'OnFailure' } });
    world.cluster.onExec = async () => {
      touch(world);
      return { ...OK, exitCode: 1 };
    };
    await world.deliver();
    expect(triesOf(world.pod())).toMatchObject({ side: [{ strategy: 'exec', outcome: 'refused' }] });
    expect(world.done()).toEqual(['term side', 'tell side']);
  });

  it('before each of our records of a refused signal leaves its time to it', async () => {
    const world = createWorld();
    world.cluster.onExec = async () => {
      for (let count = 0; count < 5; count += 1) world.cluster.before('patch', 'pods', () => touch(world));
      return { ...OK, exitCode: 1 };
    };
    await expect(world.deliver()).resolves.toMatchObject([
      { kind: 'done', code: 'TerminationFailed' },
      { kind: 'later', code: 'TerminationWaiting', seconds: SIGNAL_TIME + 1 },
    ]);
    expect(triesOf(world.pod())).toMatchObject({ side: [{ strategy: 'exec', attempt: 1 }] });
    expect(triesOf(world.pod())['side']?.[0]).not.toHaveProperty('outcome');
  });

  it('does not keep an ephemeral container from the Pod', async () => {
    const world = createWorld({ refusals: { term: FORBIDDEN } });
    world.cluster.before('patch', 'pods/ephemeralcontainers', () => touch(world));
    await world.deliver();
    expect(world.done()).toEqual(['term side (403)', 'killer side']);
  });
});

describe('a Pod', () => {
  it.each<[string, (world: World) => void, string]>([
    ['that is gone', ({ cluster }) => cluster.drop(PODS, POD), 'ObjectGone'],
    ['in whose place is another one', replacePod, 'OtherUid'],
  ])('%s before it is written is left alone', async (_, change, code) => {
    const world = createWorld();
    world.cluster.before('patch', 'pods', () => change(world));
    const outcomes = await world.deliver(EVENT);
    expect(outcomes).toMatchObject([{ kind: 'done', code }]);
    expect(world.acts).toEqual([]);
  });

  it.each<[string, (world: World) => void, string]>([
    ['that is gone', ({ cluster }) => cluster.drop(PODS, POD), 'ObjectGone'],
    ['in whose place is another one', replacePod, 'OtherUid'],
  ])('%s while a signal is refused gets nothing more', async (_, change, code) => {
    const world = createWorld();
    world.cluster.onExec = async () => {
      change(world);
      return { ...OK, exitCode: 127 };
    };
    const outcomes = await world.deliver(EVENT);
    expect(outcomes.map((outcome) => outcome.code)).toEqual(['TerminationFailed', code]);
    expect(world.done()).toEqual(['term side']);
    expect(JSON.stringify(world.cluster.readAll(PODS))).not.toContain('refused');
  });

  it('in whose place is another one gets no ephemeral container', async () => {
    const world = createWorld({ refusals: { term: FORBIDDEN } });
    world.cluster.before('patch', 'pods/ephemeralcontainers', () => replacePod(world));
    const outcomes = await world.deliver(EVENT);
    expect(outcomes.at(-1)).toMatchObject({ code: 'OtherUid' });
    expect(world.done()).toEqual(['term side (403)', 'killer side (422)']);
    expect(world.pod().spec.ephemeralContainers).toBeUndefined();
  });
});

describe('a sidecar that has ended as its node knows, and its Pod does not yet', () => {
  it('may be signalled in vain, and nothing comes of it', async () => {
    const world = createWorld({ refusals: { term: clusterError(404, 'NotFound', 'container not found') } });
    await world.deliver();
    touch(world, {
      phase: 'Succeeded',
      containerStatuses: [statusOf('main', ended(0)), statusOf('side', ended(0))],
    });
    expect(await world.settle()).toEqual(['TerminationOver']);
    expect(world.acts).toEqual(['0 term side (404)']);
  });

  it('is looked at again when it was started again instead', async () => {
    const world = createWorld({
      refusals: { term: clusterError(404, 'NotFound', 'container not found') },
      spec: { restartPolicy: 'OnFailure' },
    });
    await world.deliver();
    const restarted = { ...statusOf('side', RUNNING), restartCount: 1 };
    touch(world, { containerStatuses: [statusOf('main', ended(0)), restarted] });
    world.refusals['term'] = undefined;
    await world.settle();
    expect(world.acts).toEqual(['0 term side (404)', '6 term side']);
    expect(world.pod().status?.phase).toBe('Succeeded');
  });
});
