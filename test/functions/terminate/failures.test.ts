/** A signal that could not be sent now is sent again, and one that may have arrived has its time. */
import { describe, expect, it } from 'vitest';
import { triesOf } from '../../../shared/core/termination/tries.ts';
import type { ExecResult } from '../../../shared/io/ports.ts';
import { clusterError } from '../../support/fakeCluster.ts';
import { BY_EXIT_IMAGE, IGNORED, sidecar } from '../../support/pods.ts';
import { createWorld, OK, type WorldParts } from './world.ts';

const FORBIDDEN = clusterError(403, 'Forbidden', 'violates a policy');
const ON_FAILURE = { restartPolicy: 'OnFailure' } as const;

describe('a signal that could not be sent now', () => {
  it.each([
    [0, 'NoAnswer'],
    [404, 'NotFound'],
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [503, 'ServiceUnavailable'],
  ])('(%i %s) is sent again after 5 s, and the last time leads on', async (code, reason) => {
    const world = createWorld({ refusals: { term: clusterError(code, reason, 'the node does not answer') } });
    const outcomes = await world.deliver();
    expect(outcomes).toMatchObject([
      {
        kind: 'later',
        code: 'TerminationFailed',
        seconds: 6,
        detail: { why: ['exec: the node does not answer'] },
      },
    ]);
    await world.settle();
    expect(world.acts).toEqual([
      `0 term side (${code})`,
      `6 term side (${code})`,
      `12 term side (${code})`,
      '18 killer side',
    ]);
  });

  it('is sent each minute where there is nothing else, and ends the sidecar when the node is back', async () => {
    const world = createWorld({
      spec: ON_FAILURE,
      killerImage: '',
      refusals: { term: clusterError(500, 'InternalError') },
    });
    for (let count = 0; count < 4; count += 1) {
      await world.deliver();
      world.clock.pass(6);
    }
    world.refusals['term'] = undefined;
    await world.settle();
    expect(world.acts.slice(3)).toEqual(['18 term side (500)', '79 term side']);
    expect(world.pod().status?.phase).toBe('Succeeded');
  });

  it('is told to the owner after ten times', async () => {
    const world = createWorld({
      spec: ON_FAILURE,
      killerImage: '',
      refusals: { term: clusterError(500, 'InternalError') },
    });
    expect(await world.run()).toEqual(['TerminationGivenUp']);
    expect(world.done()).toEqual([...Array(10).fill('term side (500)'), 'tell side']);
  });
});

describe('a write that could not be made now', () => {
  it.each<[string, number, string, WorldParts]>([
    ['image', 429, 'TooManyRequests', { sides: [sidecar('side', [BY_EXIT_IMAGE])] }],
    ['image', 503, 'ServiceUnavailable', { sides: [sidecar('side', [BY_EXIT_IMAGE])] }],
    ['phase', 429, 'TooManyRequests', { sides: [sidecar('side', [IGNORED])] }],
    ['killer', 409, 'Conflict', { refusals: { term: FORBIDDEN } }],
    ['killer', 404, 'NotFound', { refusals: { term: FORBIDDEN } }],
    ['killer', 429, 'TooManyRequests', { refusals: { term: FORBIDDEN } }],
  ])('(%s, %i %s) is no refusal: the message comes back', async (act, code, reason, parts) => {
    const world = createWorld({
      ...parts,
      refusals: { ...parts.refusals, [act]: clusterError(code, reason) },
    });
    await expect(world.deliver()).rejects.toMatchObject({ code });
    expect(triesOf(world.pod())['side']?.at(-1) ?? {}).not.toHaveProperty('outcome');
    world.refusals[act] = undefined;
    world.clock.pass(30);
    await world.run();
    expect(world.pod().status?.phase).toBe('Succeeded');
  });
});

describe('a signal', () => {
  it.each<[string, Partial<ExecResult>]>([
    ['whose shell went with process 1', { exitCode: 137 }],
    ['whose connection ended early', { exitCode: undefined }],
  ])('%s may have arrived: the sidecar has its grace period and five seconds', async (_, result) => {
    const world = createWorld({ spec: ON_FAILURE });
    world.cluster.onExec = async () => ({ ...OK, ...result });
    const outcomes = await world.deliver();
    expect(outcomes).toMatchObject([{ kind: 'later', code: 'TerminationSignalled', seconds: 26 }]);
    await world.settle();
    expect(world.acts.slice(0, 2)).toEqual(['0 term side', '26 term side']);
  });
});
