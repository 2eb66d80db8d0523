/** The owner of a Pod whose sidecar does not end is told, once. */
import { describe, expect, it } from 'vitest';
import { ANNOTATION_TERMINATION } from '../../../shared/model/names.ts';
import { EVENTS, PODS } from '../../../shared/model/resources.ts';
import { clusterError } from '../../support/fakeCluster.ts';
import { sidecar } from '../../support/pods.ts';
import { interleaved } from './calls.ts';
import { createWorld, POD, replacePod, touch, type World, type WorldParts } from './world.ts';

const ORDERS = 200;
const ON_FAILURE = { restartPolicy: 'OnFailure' } as const;
const NO_HANDLER = { side: { onTerm: 'nothing' } } as const;
const FAILING = { side: { onTerm: 143 } };
const HOOKED = [{ ...sidecar(), lifecycle: { preStop: { exec: { command: ['/flush'] } } } }];

describe('its owner', () => {
  const told = ({ cluster }: World): number =>
    cluster.writes().filter((write) => write === 'create events').length;

  it.each<[string, WorldParts]>([
    ['after three signals', { behaviours: NO_HANDLER, spec: ON_FAILURE }],
    ['where nothing could be tried', { spec: { ...ON_FAILURE, hostPID: true } }],
    ['where the sidecar waits for its image', { sides: HOOKED, behaviours: FAILING, spec: ON_FAILURE }],
  ])('is told once %s: later looks write nothing', async (_, parts) => {
    const world = createWorld(parts);
    await world.run();
    expect(told(world)).toBe(1);
    const before = world.cluster.writes();
    for (let count = 0; count < 2; count += 1) {
      world.clock.pass(60);
      expect(await world.run()).toEqual(['TerminationGivenUp']);
    }
    expect(world.cluster.writes()).toEqual(before);
  });

  it('is told of each sidecar on its own account', async () => {
    const world = createWorld({
      sides: [sidecar('a'), sidecar('b')],
      spec: { ...ON_FAILURE, hostPID: true },
    });
    await world.run();
    await world.run();
    expect(world.done()).toEqual(['tell a', 'tell b']);
    expect(world.cluster.writes()).toEqual(['create events', 'create events', 'patch pods']);
  });

  it('is told again when something was tried since, and led to nothing', async () => {
    const parts: WorldParts = {
      killerImage: '',
      spec: ON_FAILURE,
      refusals: { term: clusterError(403, 'Forbidden') },
      behaviours: { side: { killer: 1 } },
    };
    const world = createWorld(parts);
    await world.run();
    parts.killerImage = 'registry/killer:1';
    for (let count = 0; count < 3; count += 1) {
      world.clock.pass(60);
      await world.run();
    }
    expect(world.acts).toEqual(['0 term side (403)', '0 tell side', '60 killer side']);
    expect(told(world)).toBe(2);
    expect(world.cluster.readAll(EVENTS)).toHaveLength(1);
  });

  it('is told once, however often it is looked at', async () => {
    const world = createWorld({ behaviours: NO_HANDLER, spec: ON_FAILURE });
    await world.run();
    for (let count = 0; count < 3; count += 1) {
      world.clock.pass(60);
      expect(await world.run()).toEqual(['TerminationGivenUp']);
    }
    expect(world.done().filter((act) => act.startsWith('term'))).toHaveLength(3);
    expect(world.cluster.readAll(EVENTS)).toMatchObject([
      {
        type: 'Warning',
        reason: 'TerminationGivenUp',
        message: expect.stringContaining('tried exec; not phase'),
        involvedObject: { kind: 'Pod', ...POD, uid: 'uid-x' },
      },
    ]);
  });
});

describe('its owner, between others who write,', () => {
  const HOPELESS: WorldParts = { spec: { restartPolicy: 'OnFailure', hostPID: true } };
  const recordOf = ({ pod }: World): unknown =>
    JSON.parse(pod().metadata.annotations?.[ANNOTATION_TERMINATION] ?? '{}');

  it('is told by two runs with one event and one entry of the record, in many orders of their calls', async () => {
    for (let order = 0; order < ORDERS; order += 1) {
      const world = createWorld(HOPELESS);
      const deliver = (through: Parameters<World['deliver']>[1]) => world.deliver(undefined, through);
      await interleaved([deliver, deliver], order);
      expect(world.done(), `order ${order}`).toEqual(['tell side']);
      expect(recordOf(world), `order ${order}`).toMatchObject({ side: [{ strategy: 'report' }] });
    }
  });

  it('that was told while others wrote the Pod each time is told once more, and then no more', async () => {
    const world = createWorld(HOPELESS);
    for (let count = 0; count < 5; count += 1) world.cluster.before('patch', 'pods', () => touch(world));
    await world.deliver();
    expect(recordOf(world)).toEqual({});
    await world.deliver();
    await world.deliver();
    expect(world.cluster.writes().filter((write) => write === 'create events')).toHaveLength(2);
    expect(world.cluster.readAll(EVENTS)).toHaveLength(1);
  });

  it.each<[string, (world: World) => void]>([
    ['is gone', ({ cluster }) => cluster.drop(PODS, POD)],
    ['has another one in its place', (world) => replacePod(world)],
  ])('is told of a Pod that %s when it is to be recorded, without a fault', async (_, change) => {
    const world = createWorld(HOPELESS);
    world.cluster.before('patch', 'pods', () => change(world));
    await expect(world.deliver()).resolves.toMatchObject([{ code: 'TerminationGivenUp' }]);
    expect(JSON.stringify(world.cluster.readAll(PODS))).not.toContain('report');
  });
});
