/** Conflicts, overload and answers that get lost, at each write in turn. */
import { describe, expect, it } from 'vitest';
import { ClusterError } from '../../../shared/io/ports.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { PODS } from '../../../shared/model/resources.ts';
import { clusterError } from '../../support/fakeCluster.ts';
import { makeSet } from '../../support/fleet.ts';
import { expectOver, SCENARIOS } from './scenarios.ts';
import { faultAt, noAnswer, throughAll } from './through.ts';
import { webPods } from './webPods.ts';
import { CHANGED, createWorld } from './world.ts';

type Fault = (perform: () => Promise<unknown>) => Promise<unknown>;

const MOST_WRITES = 40;

const instead =
  (fault: () => Error): Fault =>
  async () => {
    throw fault();
  };

/** The write takes effect, and its answer is lost. */
const after =
  (fault: () => Error): Fault =>
  async (perform) => {
    await perform();
    throw fault();
  };

const FAULTS: { name: string; fault: Fault }[] = [
  { name: 'a conflict', fault: instead(() => clusterError(409, 'Conflict')) },
  { name: 'a refusal', fault: instead(() => clusterError(403, 'Forbidden')) },
  { name: 'no answer and no effect', fault: instead(noAnswer) },
  { name: 'no answer, but the effect', fault: after(noAnswer) },
  {
    name: 'a timeout of etcd, but the effect',
    fault: after(() => clusterError(500, '', 'etcdserver: request timed out')),
  },
  {
    name: 'too many requests',
    fault: instead(() => new ClusterError(429, 'TooManyRequests', 'later', { retryAfterSeconds: 3 })),
  },
];

describe.each(SCENARIOS)('$what', (scenario) => {
  it.each(FAULTS)('ends as it should when any one of its writes meets $name', async ({ name, fault }) => {
    let writes = 0;
    for (; writes < MOST_WRITES; writes++) {
      const world = await scenario.create({ seed: writes + 1, copies: 1 });
      const message = world.queue.shift();
      if (!message) throw new Error('there is an event');
      const { through, met } = faultAt(writes, fault);
      await world.deliver(message.event, through);
      if (!met()) break;
      await world.settleWithResyncs();
      expect(world.ledger.violations, `write ${writes} met ${name}`).toEqual([]);
      await expectOver(world, scenario);
    }
    expect(writes).toBeGreaterThan(3);
    expect(writes).toBeLessThan(MOST_WRITES);
  });

  it.each([1, 5, 20])('ends as it should when its first %i writes all meet conflicts', async (conflicts) => {
    const world = await scenario.create({});
    let left = conflicts;
    const through = throughAll(async ({ isWrite }, perform) => {
      if (isWrite && left-- > 0) throw clusterError(409, 'Conflict');
      return perform();
    });
    await world.settle({ through });
    await world.settleWithResyncs();
    await expectOver(world, scenario);
  });
});

describe('an API server that asks for fewer requests', () => {
  const busy = (allowed: number) => {
    let [underWay, most, refused] = [0, 0, 0];
    const through = throughAll(async ({ verb, resource }, perform) => {
      if (verb !== 'patch' || resource !== 'pods') return perform();
      most = Math.max(most, ++underWay);
      try {
        for (let ticks = 0; ticks < 20; ticks++) await undefined;
        if (underWay > allowed) {
          refused += 1;
          throw new ClusterError(429, 'TooManyRequests', 'later', { retryAfterSeconds: 7 });
        }
        return await perform();
      } finally {
        underWay -= 1;
      }
    });
    return { through, most: () => most, refused: () => refused };
  };

  const wide = () => createWorld(makeSet('v2', { maxUnavailable: '100%' }), webPods(100, 'v1'));

  it('gets fewer at a time, and all Pods are upgraded in one run', async () => {
    const world = wide();
    const { through, most, refused } = busy(5);
    const [outcome] = await world.deliver(CHANGED, through);
    expect(outcome).toMatchObject({ kind: 'done', code: 'RolloutMoved', detail: { updatedPods: 100 } });
    expect(most()).toBeGreaterThan(5);
    expect(refused()).toBeLessThan(100);
    await world.settle();
    await world.expectComplete();
  });

  it('gets the rest after the time that it names when it lets nothing through', async () => {
    const world = wide();
    const [outcome] = await world.deliver(CHANGED, busy(0).through);
    expect(outcome).toMatchObject({ kind: 'later', code: 'RolloutUnfinished', seconds: 7 });
    expect(world.on('v2')).toEqual([]);
    await world.settle();
    await world.expectComplete();
  });

  it('and takes some, keeps those, and gets the rest later', async () => {
    const world = wide();
    let left = 30;
    const through = throughAll(async ({ verb, resource }, perform) => {
      if (verb === 'patch' && resource === 'pods' && left-- <= 0)
        throw new ClusterError(429, 'TooManyRequests', 'later');
      return perform();
    });
    const [outcome] = await world.deliver(CHANGED, through);
    expect(outcome).toMatchObject({ kind: 'later', code: 'RolloutUnfinished', seconds: 1 });
    expect(world.on('v2')).toHaveLength(30);
    expect(world.status()).toMatchObject({ updatedPods: 30 });
    await world.settle();
    await world.expectComplete();
  });
});

describe('Pods that the API server always refuses to change', () => {
  it('do not stop the others, however many of them come first', async () => {
    const world = createWorld(makeSet('v2', { maxUnavailable: 1 }), webPods(20, 'v1'));
    const names = world.alive().map(({ metadata }) => metadata.name);
    const refused = new Set(names.sort().slice(0, 15));
    const through = throughAll(async ({ verb, name }, perform) => {
      if (verb === 'patch' && refused.has(name)) throw clusterError(403, 'Forbidden');
      return perform();
    });
    for (let resyncs = 0; resyncs < 10; resyncs++) {
      world.send(CHANGED);
      await world.settle({ through });
      await world.run(undefined, through);
      world.nodeCatchesUp();
    }
    world.expectKept();
    expect(world.on('v2')).toHaveLength(5);
    expect(world.status().waiting).toMatchObject([{ reason: 'Refused', pods: 15 }]);
  });

  it('are told in the status only as long as they are refused', async () => {
    const world = createWorld(makeSet('v2', { maxUnavailable: 1 }), webPods(1, 'v1'));
    world.cluster.before('patch', 'pods', () => {
      throw clusterError(403, 'Forbidden');
    });
    expect(await world.run()).toMatchObject({ kind: 'done', code: 'RolloutRefused' });
    expect(world.status().waiting).toEqual([{ reason: 'Refused', pods: 1, names: ['default/web-0'] }]);
    await world.run();
    world.nodeCatchesUp();
    await world.settle();
    await world.expectComplete();
    expect(world.cluster.readAll<Pod>(PODS)).toHaveLength(1);
  });
});
