/** The preStop of a sidecar: by the kubelet, which stops the sidecar; where that is refused executed before the signal. */
import { describe, expect, it } from 'vitest';
import type { LifecycleHandler } from '../../../shared/model/kubernetes.ts';
import { clusterError } from '../../support/fakeCluster.ts';
import { BY_EXIT_IMAGE, sidecar } from '../../support/pods.ts';
import { createWorld, OK, type WorldParts } from './world.ts';

const ON_FAILURE = { restartPolicy: 'OnFailure' } as const;
const FORBIDDEN = clusterError(403, 'Forbidden', 'violates a policy');
const withHook = (preStop: LifecycleHandler, env: Parameters<typeof sidecar>[1] = []) => ({
  ...sidecar('side', env),
  lifecycle: { preStop },
});
const EXEC: LifecycleHandler = { exec: { command: ['/flush', '--all'] } };

/** The stop is refused, and what else `refusals` names. */
const signalling = (refusals: WorldParts['refusals'] = {}, preStop = EXEC): WorldParts => ({
  sides: [withHook(preStop)],
  spec: ON_FAILURE,
  refusals: { stop: FORBIDDEN, ...refusals },
});
const NOT_STOPPED = '0 stop side (403)';

describe('a sidecar with a preStop', () => {
  it.each<[string, WorldParts, string[]]>([
    ['is stopped by its node under Never', { sides: [withHook(EXEC)] }, ['0 stop side']],
    [
      'is stopped by its node whatever kind of hook it is',
      { sides: [withHook({ sleep: { seconds: 2 } })] },
      ['0 stop side'],
    ],
    [
      'is swapped by its node where it has an exit image',
      { sides: [withHook(EXEC, [BY_EXIT_IMAGE])] },
      ['0 image side'],
    ],
    [
      'is stopped by its node under OnFailure, whatever its Job bears',
      { sides: [withHook(EXEC)], spec: ON_FAILURE, backoffLimit: 0 },
      ['0 stop side'],
    ],
    [
      'is swapped by its node under OnFailure where it has an exit image',
      { sides: [withHook(EXEC, [BY_EXIT_IMAGE])], spec: ON_FAILURE, backoffLimit: 6 },
      ['0 image side'],
    ],
    [
      'is stopped by its node under OnFailure where the Job can not bear the exit image',
      { sides: [withHook(EXEC, [BY_EXIT_IMAGE])], spec: ON_FAILURE, backoffLimit: 0 },
      ['0 stop side'],
    ],
    [
      'is stopped by its node in a shared process namespace under OnFailure',
      { sides: [withHook(EXEC)], spec: { ...ON_FAILURE, shareProcessNamespace: true } },
      ['0 stop side'],
    ],
    [
      'has it executed before the signal where the stop is refused',
      { sides: [withHook(EXEC)], refusals: { stop: FORBIDDEN } },
      [NOT_STOPPED, '0 hook side', '0 term side'],
    ],
    [
      'has it executed before the signal where the stop is refused under OnFailure',
      signalling(),
      [NOT_STOPPED, '0 hook side', '0 term side'],
    ],
    [
      'is only signalled then where the hook is none that can be executed',
      signalling({}, { httpGet: { port: 80 } }),
      [NOT_STOPPED, '0 term side'],
    ],
    [
      'is signalled then where a policy refuses the hook',
      signalling({ hook: FORBIDDEN }),
      [NOT_STOPPED, '0 hook side (403)', '0 term side'],
    ],
    [
      'is signalled then where the node does not run the hook',
      signalling({ hook: clusterError(0, 'NoAnswer') }),
      [NOT_STOPPED, '0 hook side (0)', '0 term side'],
    ],
    [
      'is signalled then from beside it after the hook where it has no shell',
      signalling({
        term: clusterError(500, 'InternalError', 'exec: "/bin/sh": no such file or directory'),
      }),
      [NOT_STOPPED, '0 hook side', '0 term side (500)', '0 killer side'],
    ],
  ])('%s', async (_, parts, expected) => {
    const world = createWorld(parts);
    await world.run();
    expect(world.acts).toEqual(expected);
    expect(world.pod().status?.phase).toBe('Succeeded');
  });
});

describe('the hook', () => {
  it('runs with the first signal only', async () => {
    const world = createWorld({ ...signalling(), behaviours: { side: { onTerm: 'nothing' } } });
    await world.run();
    expect(world.acts).toEqual([
      NOT_STOPPED,
      '0 hook side',
      '0 term side',
      '26 term side',
      '52 term side',
      '78 tell side',
    ]);
  });

  it('runs again with a signal that could not be sent before', async () => {
    const world = createWorld(signalling({ term: clusterError(503, 'ServiceUnavailable') }));
    await world.deliver();
    world.refusals['term'] = undefined;
    await world.settle();
    expect(world.acts).toEqual([
      NOT_STOPPED,
      '0 hook side',
      '0 term side (503)',
      '6 hook side',
      '6 term side',
    ]);
  });

  const run = async (grace: number, answer: () => Promise<typeof OK> = async () => OK) => {
    const world = createWorld({
      ...signalling(),
      spec: { ...ON_FAILURE, terminationGracePeriodSeconds: grace },
    });
    const execs: [string[], number | undefined][] = [];
    const { exec } = world.cluster;
    world.cluster.onExec = async (_, command) => (command[0] === '/flush' ? answer() : OK);
    const outcomes = await world.deliver(undefined, (cluster) => ({
      ...cluster,
      exec: (pod, container, command, options) => {
        execs.push([command, options?.seconds]);
        return exec(pod, container, command, options);
      },
    }));
    return { execs, outcomes };
  };

  it.each([
    [10, 10],
    [0, 1],
    [600, 25],
  ])('of a grace period of %i s has %i s, and the signal its own time', async (grace, seconds) => {
    const { execs } = await run(grace);
    expect(execs).toEqual([
      [['/flush', '--all'], seconds],
      [['/bin/sh', '-c', 'kill -TERM 1'], undefined],
    ]);
  });

  it.each<[string, () => Promise<typeof OK>, string]>([
    ['fails', async () => ({ ...OK, exitCode: 2 }), 'exec: preStop: exit code 2'],
    [
      'does not end',
      async () => ({ ...OK, exitCode: undefined as never }),
      'exec: preStop: exit code unknown',
    ],
    ['is not found', () => Promise.reject(clusterError(500, 'x', 'no /flush')), 'exec: preStop: no /flush'],
  ])('that %s does not keep the signal back, and is told', async (_, answer, why) => {
    const { execs, outcomes } = await run(20, answer);
    expect(execs).toHaveLength(2);
    expect(outcomes).toMatchObject([
      { kind: 'done', code: 'TerminationFailed' },
      { kind: 'later', code: 'TerminationSignalled', detail: { why: [why] } },
    ]);
  });

  it('that breaks for another reason is a fault of ours', async () => {
    await expect(run(20, () => Promise.reject(new TypeError('broken')))).rejects.toThrow('broken');
  });
});
