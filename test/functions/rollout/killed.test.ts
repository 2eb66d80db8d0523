/** A run that is killed, before and after the effect of each of its calls. */
import { describe, expect, it } from 'vitest';
import { makeSet } from '../../support/fleet.ts';
import { expectOver, SCENARIOS, type Scenario } from './scenarios.ts';
import { killedAt } from './through.ts';
import { changed, type World } from './world.ts';

const MOST_CALLS = 60;

/** The first delivery dies at that call; whether it did. */
const dies = async (world: World, number: number, when: 'before' | 'after'): Promise<boolean> => {
  const { through, died } = killedAt(number, when);
  const message = world.queue.shift();
  if (!message) throw new Error('there is an event');
  await world.deliver(message.event, through);
  return died();
};

/** Kills the run at one call after the other, until it survives; how many calls it has. */
const killAtEach = async (
  scenario: Scenario,
  when: 'before' | 'after',
  then: (world: World, number: number) => Promise<void>,
): Promise<number> => {
  for (let number = 0; number < MOST_CALLS; number++) {
    const world = await scenario.create({ seed: number + 1, copies: 1 });
    if (!(await dies(world, number, when))) return number;
    await then(world, number);
  }
  throw new Error('a run with so many calls is not what was meant');
};

describe.each(SCENARIOS)('$what', (scenario) => {
  it.each([
    'before',
    'after',
  ] as const)('ends as it should when a run dies %s any one of its calls', async (when) => {
    const calls = await killAtEach(scenario, when, async (world, number) => {
      await world.settleWithResyncs();
      expect(world.ledger.violations, `call ${number}`).toEqual([]);
      await expectOver(world, scenario);
    });
    expect(calls).toBeGreaterThan(6);
  });

  it('ends as it should when two runs in a row die', async () => {
    for (let number = 3; number < 16; number += 3) {
      const world = await scenario.create({ seed: number, copies: 1 });
      await dies(world, number, 'after');
      world.clock.pass(61);
      world.queue.sort((a, b) => a.at - b.at);
      await dies(world, number, 'before');
      await world.settleWithResyncs();
      expect(world.ledger.violations, `call ${number}`).toEqual([]);
      await expectOver(world, scenario);
    }
  });
});

describe('Pods that a dead run has taken', () => {
  it.each([
    'before',
    'after',
  ] as const)('count also for the next revision, at whatever call (%s it) the run died', async (when) => {
    const [images] = SCENARIOS;
    if (!images) throw new Error('there are scenarios');
    await killAtEach(images, when, async (world, number) => {
      // The node has stopped them: nothing but our own record says that an upgrade did it.
      for (let steps = 0; steps < 2; steps++) world.nodeActs();
      world.clock.pass(61);
      changed(world, makeSet('v3', { maxUnavailable: 2 }));
      await world.settleWithResyncs();
      expect(world.ledger.violations, `call ${number}`).toEqual([]);
      await expectOver(world, images);
    });
  });
});
