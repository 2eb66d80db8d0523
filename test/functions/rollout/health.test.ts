/** What cluster tools make of the status after each run: Argo CD's health check, and kstatus. */
import { describe, expect, it } from 'vitest';
import { clusterError } from '../../support/fakeCluster.ts';
import { makeSet } from '../../support/fleet.ts';
import { runHealth } from '../../support/lua.ts';
import { BAD, withGeneration } from './node.ts';
import { stuckPod } from './scenarios.ts';
import { RESYNC } from './setting.ts';
import { webPods } from './webPods.ts';
import { CHANGED, changed, createWorld, type World } from './world.ts';

const STRATEGY = { maxUnavailable: 2 };

/** The rule of kstatus for objects that it does not know. */
const kstatus = (world: World): string => {
  const { metadata, status } = world.set();
  const is = (wanted: string): boolean =>
    status?.conditions?.some(({ type, status: value }) => type === wanted && value === 'True') ?? false;
  if (status?.observedGeneration !== metadata.generation) return 'InProgress';
  if (is('Stalled')) return 'Failed';
  return is('Reconciling') ? 'InProgress' : 'Current';
};

const seen = (world: World): [string, string] => [runHealth(world.set()).status, kstatus(world)];

describe('a rollout', () => {
  it('is shown as what it is at every step, from its first batch to its end', async () => {
    const world = createWorld(makeSet('v2', STRATEGY), webPods(6, 'v1').map(withGeneration), { copies: 0 });
    const steps: [string, string, string][] = [];
    const step = async (what: string): Promise<void> => {
      await world.deliver(RESYNC);
      steps.push([what, ...seen(world)]);
    };
    const change = (tag: string, more = {}): void => {
      changed(world, makeSet(tag, { ...STRATEGY, ...more }));
      steps.push([`${tag} not seen yet`, ...seen(world)]);
    };
    steps.push(['no status', ...seen(world)]);
    await step('moving');
    change('v2', { paused: true });
    await step('paused');
    world.nodeCatchesUp();
    await step('paused, and the batch is back');
    change('v2');
    await step('resumed');
    world.nodeCatchesUp();
    await step('the last batch');
    world.nodeCatchesUp();
    await step('complete');
    change(BAD);
    await step('a bad image');
    world.nodeCatchesUp();
    await step('degraded');
    change('v3', { partition: 3 });
    await step('fixed');
    world.nodeCatchesUp();
    await step('the rest of the partition');
    world.nodeCatchesUp();
    await step('partitioned');
    change('v3', { type: 'NotUpdate' });
    await step('frozen');
    change('v3', { selector: {} });
    await step('invalid');
    change('v3');
    await step('without partition');
    world.nodeCatchesUp();
    await step('the last Pod');
    world.nodeCatchesUp();
    await step('complete again');

    expect(steps).toEqual([
      ['no status', 'Progressing', 'InProgress'],
      ['moving', 'Progressing', 'InProgress'],
      ['v2 not seen yet', 'Progressing', 'InProgress'],
      ['paused', 'Suspended', 'Current'],
      ['paused, and the batch is back', 'Suspended', 'Current'],
      ['v2 not seen yet', 'Progressing', 'InProgress'],
      ['resumed', 'Progressing', 'InProgress'],
      ['the last batch', 'Progressing', 'InProgress'],
      ['complete', 'Healthy', 'Current'],
      ['bad not seen yet', 'Progressing', 'InProgress'],
      ['a bad image', 'Progressing', 'InProgress'],
      ['degraded', 'Degraded', 'Failed'],
      ['v3 not seen yet', 'Progressing', 'InProgress'],
      ['fixed', 'Progressing', 'InProgress'],
      ['the rest of the partition', 'Progressing', 'InProgress'],
      ['partitioned', 'Healthy', 'Current'],
      ['v3 not seen yet', 'Progressing', 'InProgress'],
      ['frozen', 'Healthy', 'Current'],
      ['v3 not seen yet', 'Progressing', 'InProgress'],
      ['invalid', 'Degraded', expect.stringMatching(/Failed|Current/)],
      ['v3 not seen yet', 'Progressing', 'InProgress'],
      ['without partition', 'Progressing', 'InProgress'],
      ['the last Pod', 'Progressing', 'InProgress'],
      ['complete again', 'Healthy', 'Current'],
    ]);
    world.expectKept();
  });

  it('of Pods that do not come back is degraded after ten minutes, and no longer once they do', async () => {
    const world = createWorld(makeSet('v2', STRATEGY), webPods(4, 'v1'), { copies: 0 });
    await world.deliver(CHANGED);
    world.clock.pass(599);
    await world.deliver(RESYNC);
    expect(seen(world)).toEqual(['Progressing', 'InProgress']);
    world.clock.pass(2);
    await world.deliver(RESYNC);
    expect(seen(world)).toEqual(['Degraded', 'Failed']);
    expect(runHealth(world.set()).message).toContain('not back for 10 minutes');
    world.nodeCatchesUp();
    await world.deliver(RESYNC);
    expect(seen(world)).toEqual(['Progressing', 'InProgress']);
    await world.settle();
    expect(seen(world)).toEqual(['Healthy', 'Current']);
  });

  it('that leaves Pods alone which can not be upgraded is over', async () => {
    const world = createWorld(makeSet('v2', STRATEGY), [...webPods(2, 'v1'), stuckPod(2)]);
    world.send(CHANGED);
    await world.settle();
    expect(seen(world)).toEqual(['Healthy', 'Current']);
    expect(runHealth(world.set()).message).toContain('1 are left alone');
  });

  it('whose Pods are all refused is over, and says so', async () => {
    const world = createWorld(makeSet('v2', STRATEGY), webPods(1, 'v1'));
    world.cluster.before('patch', 'pods', () => {
      throw clusterError(403, 'Forbidden');
    });
    await world.deliver(CHANGED);
    expect(seen(world)).toEqual(['Healthy', 'Current']);
    expect(runHealth(world.set()).message).toContain('1 are left alone');
  });

  it('that is over does not begin anew when Pods come and go', async () => {
    const world = createWorld(makeSet('v2', STRATEGY), webPods(3, 'v1'), { owner: 'ReplicaSet' });
    world.send(CHANGED);
    await world.settle();
    const [pod] = world.alive();
    if (!pod) throw new Error('there are Pods');
    world.deletes(pod);
    const health = new Set<string>();
    await world.settle({ until: () => void health.add(seen(world).join()) === undefined && false });
    expect([...health]).toEqual(['Healthy,Current']);
  });
});
