/** Runs that are killed or not answered at any one of their calls. */
import { describe, expect, it } from 'vitest';
import { EVENTS } from '../../../shared/model/resources.ts';
import { type Broken, faultAt, killedAt } from './calls.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { createWorld, SIGNAL_TIME, type World } from './world.ts';

const MOST_CALLS = 40;
const RESYNCS = 12;

/** All that comes of it, with the schedule's look each minute. */
const outlast = async (world: World): Promise<void> => {
  for (let count = 0; count < RESYNCS; count += 1) {
    world.look();
    await world.run();
    world.clock.pass(60);
  }
};

const endOf = (world: World): string =>
  world.cluster.readAll(EVENTS).length > 0 ? 'told' : (world.pod().status?.phase ?? '');

/** Acts that took effect on a container while the same one had its time. A preStop runs again with its signal. */
const repeated = ({ acts }: World): string[] => {
  const last = new Map<string, number>();
  return acts
    .filter((act) => !act.endsWith(')') && !act.includes('hook'))
    .filter((act) => {
      const [seconds = '', ...words] = act.split(' ');
      const before = last.get(words.join(' '));
      last.set(words.join(' '), Number(seconds));
      return before !== undefined && Number(seconds) - before < SIGNAL_TIME;
    });
};

/** Breaks the first delivery at one call after the other, until it is not met any more; how many calls there are. */
const breakEach = async (
  { parts }: Scenario,
  breakAt: (number: number) => Broken,
  then: (world: World, result: PromiseSettledResult<unknown>, where: string) => Promise<void>,
): Promise<number> => {
  for (let number = 0; number < MOST_CALLS; number += 1) {
    const world = createWorld(parts);
    const { through, met } = breakAt(number);
    const [result] = await Promise.allSettled([world.deliver(undefined, through)]);
    if (!met()) return number;
    await then(world, result, `call ${number}`);
  }
  throw new Error('a run with so many calls is not what was meant');
};

const expectEnd = async (world: World, { end }: Scenario, where: string): Promise<void> => {
  await outlast(world);
  expect(endOf(world), where).toBe(end);
  expect(repeated(world), where).toEqual([]);
};

describe.each(SCENARIOS)('$what', (scenario) => {
  it('comes to its end where nothing breaks', async () => {
    const world = createWorld(scenario.parts);
    await world.deliver();
    expect(world.done()).toEqual(scenario.first);
    await expectEnd(world, scenario, 'whole');
  });

  it.each([
    'before',
    'after',
  ] as const)('comes to its end when the run is killed %s any one of its calls', async (when) => {
    const calls = await breakEach(
      scenario,
      (number) => killedAt(number, when),
      async (world, result, where) => {
        expect(result.status, where).toBe('rejected');
        await expectEnd(world, scenario, where);
      },
    );
    expect(calls).toBeGreaterThan(1);
  });

  it.each([
    'before',
    'after',
  ] as const)('comes to its end when one of its runs is killed %s any one of their calls', async (when) => {
    for (let number = 0; number < MOST_CALLS; number += 1) {
      const world = createWorld(scenario.parts);
      const { through, met } = killedAt(number, when);
      await world.run(through);
      if (!met()) return;
      await expectEnd(world, scenario, `call ${number}`);
    }
    throw new Error('runs with so many calls are not what was meant');
  });

  it('comes to its end when two runs in a row are killed', async () => {
    await breakEach(
      scenario,
      (number) => killedAt(number, 'after'),
      async (world, _, where) => {
        world.look();
        world.clock.pass(60);
        await Promise.allSettled([world.deliver(undefined, killedAt(1, 'after').through)]);
        await expectEnd(world, scenario, where);
      },
    );
  });

  it.each([
    [0, 'before'],
    [0, 'after'],
    [500, 'before'],
    [503, 'after'],
  ] as const)('comes to its end when the API server answers %i, %s the effect of any one call', async (code, when) => {
    await breakEach(
      scenario,
      (number) => faultAt(number, code, when),
      (world, _, where) => expectEnd(world, scenario, where),
    );
  });
});

describe('a run whose call is not answered', () => {
  it('fails, and its message comes back, unless it is a command in a container', async () => {
    const [scenario] = SCENARIOS;
    if (!scenario) throw new Error('there are scenarios');
    const results: string[] = [];
    await breakEach(
      scenario,
      (number) => faultAt(number, 500, 'before'),
      async (_, { status }) => {
        results.push(status);
      },
    );
    expect(results).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('fails where the owner can not be told, and the next one tells it', async () => {
    const world = createWorld({ spec: { restartPolicy: 'OnFailure', hostPID: true } });
    await expect(world.deliver(undefined, faultAt(1, 503, 'before').through)).rejects.toMatchObject({
      code: 503,
    });
    expect(await world.run()).toEqual(['TerminationGivenUp']);
    expect(world.done()).toEqual(['tell side']);
  });
});
