import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../shared/io/ports.ts';
import { ClusterError } from '../../../shared/io/ports.ts';
import type { Pod } from '../../../shared/model/kubernetes.ts';
import { PODS, SIDECARSETS } from '../../../shared/model/resources.ts';
import type { Claim, SidecarSet } from '../../../shared/model/sidecarset.ts';
import { clusterError } from '../../support/fakeCluster.ts';
import { fleet, makeFleetPod, makeSet, SET } from '../../support/fleet.ts';
import { createSetting, RESYNC, type Setting } from './setting.ts';

const STRATEGY = { maxUnavailable: 2 };
const start = (pods = 10) => createSetting(makeSet('v2', STRATEGY), fleet(pods, 'v1'));

const claimBy = (setting: Setting, claim: Claim): void => {
  const status = { matchedPods: 0, updatedPods: 0, readyPods: 0, claim };
  setting.cluster.put<SidecarSet>(SIDECARSETS, { ...setting.set(), status });
};

const statusWrites = ({ cluster }: Setting): number =>
  cluster.writes().filter((write) => write === 'replace sidecarsets/status').length;

/** Lets `writes` more writes through; then the process is dead: every call fails. */
const diesAfter =
  (writes: number) =>
  (cluster: Cluster): Cluster => {
    let left = writes;
    const alive = async (isWrite: boolean): Promise<void> => {
      if (left < 0 || (isWrite && --left < 0)) throw new ClusterError(0, '', 'the process is gone');
    };
    return {
      ...cluster,
      get: (...call) => alive(false).then(() => cluster.get(...call)),
      list: (...call) => alive(false).then(() => cluster.list(...call)),
      create: (...call) => alive(true).then(() => cluster.create(...call)),
      replace: (...call) => alive(true).then(() => cluster.replace(...call)),
      patch: (...call) => alive(true).then(() => cluster.patch(...call)),
      remove: (...call) => alive(true).then(() => cluster.remove(...call)),
    };
  };

const toTheEnd = async (setting: Setting): Promise<void> => {
  for (let runs = 0; runs < 50; runs++) {
    const outcome = await setting.run();
    setting.clock.pass(outcome?.kind === 'later' ? outcome.seconds : 0);
    if (outcome?.code === 'RolloutNothing') return;
    setting.nodeCatchesUp();
  }
  throw new Error('the rollout does not end');
};

describe('who may act', () => {
  it('is one of two runs at once; the other comes back', async () => {
    const setting = start();
    const outcomes = await Promise.all([setting.run(), setting.run()]);
    expect(outcomes).toContainEqual(expect.objectContaining({ kind: 'done', code: 'RolloutMoved' }));
    expect(outcomes).toContainEqual(
      expect.objectContaining({ kind: 'later', code: 'RolloutClaimed', event: RESYNC }),
    );
    expect(setting.on('v2')).toHaveLength(2);
  });

  it('is who holds a live claim: others come back soon, then ever later, at last when it ends', async () => {
    const setting = start();
    claimBy(setting, { holder: 'other', until: '2026-03-01T12:00:42Z' });
    for (const [hops, seconds] of [
      [0, 1],
      [3, 8],
      [5, 32],
      [6, 42],
      [59, 42],
    ] as const) {
      const outcome = await setting.run({ ...RESYNC, hops });
      expect(outcome).toMatchObject({ kind: 'later', code: 'RolloutClaimed', seconds });
    }
    expect(setting.cluster.writes()).toEqual([]);
  });

  it('is anybody once a holder is dead', async () => {
    const setting = start();
    claimBy(setting, { holder: 'other', until: '2026-03-01T11:59:59Z' });
    expect(await setting.run()).toMatchObject({ code: 'RolloutMoved' });
    expect(setting.status().claim?.holder).toBeUndefined();
  });

  it('is nobody where the CRD prunes the claim', async () => {
    const setting = start();
    const pruning = (cluster: Cluster): Cluster => ({
      ...cluster,
      replace: async (...call) => {
        const stored = await cluster.replace(...call);
        return { ...stored, status: { matchedPods: 0, updatedPods: 0, readyPods: 0 } };
      },
    });
    expect(await setting.run(RESYNC, pruning)).toMatchObject({ kind: 'done', code: 'RolloutClaimPruned' });
    expect(setting.on('v2')).toEqual([]);
  });

  it('claims with its deadline, the longest write and the clocks in mind, and keeps what was listed', async () => {
    const setting = start();
    claimBy(setting, { listed: '7' });
    await setting.run();
    const claimed = setting.cluster.calls.find(({ verb }) => verb === 'replace')?.body;
    expect(claimed).toMatchObject({
      status: { claim: { holder: 'run-1', until: '2026-03-01T12:01:00.000Z', listed: '7' } },
    });
  });

  it('does not claim without the time to act', async () => {
    const setting = start();
    setting.cluster.before('list', 'pods', () => setting.clock.pass(39));
    const outcome = await setting.run();
    expect(outcome).toMatchObject({
      kind: 'later',
      code: 'RolloutUnfinished',
      event: { ref: { kind: 'SidecarSet' } },
    });
    expect(setting.cluster.writes()).toEqual([]);
  });
});

describe('a run that dies', () => {
  it.each([
    ...Array(7).keys(),
  ])('after %i writes is taken up by the next, and never exceeds the budget', async (writes) => {
    const setting = start(5);
    await expect(setting.run(RESYNC, diesAfter(writes))).rejects.toThrow('the process is gone');
    expect(setting.on('v2').length).toBeLessThanOrEqual(2);

    setting.clock.pass(61);
    await setting.run();
    expect(setting.on('v2').length).toBeLessThanOrEqual(2);

    await toTheEnd(setting);
    expect(setting.on('v2')).toHaveLength(5);
    expect(setting.status()).toMatchObject({ updatedPods: 5, updatedReadyPods: 5 });
  });
});

describe('a run that meets others', () => {
  it('skips a Pod that has changed since it was listed, and has somebody come back for it', async () => {
    const setting = start();
    setting.cluster.before('patch', 'pods', () => {
      setting.cluster.put<Pod>(PODS, setting.pod(0));
    });
    const outcome = await setting.run();
    expect(outcome).toMatchObject({
      kind: 'later',
      code: 'RolloutUnfinished',
      event: { ref: { kind: 'SidecarSet', name: SET }, sets: [SET], looks: 0 },
      detail: { raced: ['default/web-0'], written: ['default/web-1'] },
    });
    expect(outcome).not.toHaveProperty('event.resourceVersion');
    expect(setting.on('v2')).toEqual(['web-1']);
    expect(setting.status()).toMatchObject({ updatedPods: 1 });
    expect(setting.status().claim).toEqual({ inFlight: { pods: 1, names: ['default/web-1'] } });
    await toTheEnd(setting);
    expect(setting.on('v2')).toHaveLength(10);
  });

  it('leaves out a Pod that is gone meanwhile, and takes the next in its place', async () => {
    const setting = start(3);
    setting.cluster.before('patch', 'pods', () =>
      setting.cluster.drop(PODS, { namespace: 'default', name: 'web-0' }),
    );
    expect(await setting.run()).toMatchObject({ kind: 'done', detail: { gone: ['default/web-0'] } });
    expect(setting.status()).toMatchObject({ matchedPods: 2, updatedPods: 2 });
  });

  it('takes the next Pod when the API server refuses one', async () => {
    const setting = start();
    setting.cluster.before('patch', 'pods', () => {
      throw clusterError(403, 'Forbidden');
    });
    expect(await setting.run()).toMatchObject({
      kind: 'done',
      code: 'RolloutMoved',
      detail: { refused: ['default/web-0'], written: ['default/web-1', 'default/web-2'] },
    });
  });

  it('says so when all were refused', async () => {
    const setting = start(1);
    setting.cluster.before('patch', 'pods', () => {
      throw clusterError(422, 'Invalid');
    });
    expect(await setting.run()).toMatchObject({ kind: 'done', code: 'RolloutRefused' });
  });

  it('fails after a fault on one Pod, but with the status written and the claim given up', async () => {
    const setting = start();
    setting.cluster.before('patch', 'pods', () => {
      throw clusterError(503, 'ServiceUnavailable');
    });
    await expect(setting.run()).rejects.toThrow('ServiceUnavailable');
    expect(setting.status()).toMatchObject({ updatedPods: 1 });
    expect(setting.status().claim?.holder).toBeUndefined();
  });

  it.each([
    ['SidecarSet', RESYNC.ref],
    ['Pod', { kind: 'Pod' as const, namespace: 'default', name: 'web-2', uid: 'uid-2' }],
  ])('does what the fault has left when the event about a %s comes back', async (_, ref) => {
    const setting = start(1);
    setting.cluster.put<Pod>(PODS, makeFleetPod(2, 'v2'));
    setting.cluster.before('patch', 'pods', () => {
      throw clusterError(503, 'ServiceUnavailable');
    });
    const event = { ...RESYNC, ref, resourceVersion: '1' };
    await expect(setting.run(event)).rejects.toThrow('ServiceUnavailable');
    expect(await setting.run(event)).toMatchObject({ kind: 'done', code: 'RolloutMoved' });
  });

  it('gives the claim back when it fails before it has moved anything', async () => {
    const setting = start();
    setting.cluster.before('create', 'controllerrevisions', () => {
      throw clusterError(500, 'InternalError');
    });
    await expect(setting.run()).rejects.toThrow('InternalError');
    expect(setting.status().claim).toEqual({});
    expect(statusWrites(setting)).toBe(2);
  });

  it('writes the status on a SidecarSet that was changed meanwhile, about the generation it worked on', async () => {
    const setting = start();
    setting.cluster.before('patch', 'pods', () => setting.apply(makeSet('v3', STRATEGY)));
    await setting.run();
    expect(setting.set()).toMatchObject({
      metadata: { generation: 2 },
      status: { observedGeneration: 1, updatedPods: 2 },
    });
    expect(setting.status().claim?.holder).toBeUndefined();
  });

  it('leaves the status to whoever has taken the claim over', async () => {
    const setting = start();
    const other = { holder: 'other', until: '2026-03-01T13:00:00Z' };
    setting.cluster.before('patch', 'pods', () => claimBy(setting, other));
    expect(await setting.run()).toMatchObject({ kind: 'later', code: 'RolloutUnfinished' });
    expect(setting.status().claim).toEqual(other);
  });
});

describe('a run that comes to its deadline', () => {
  const wide = () => createSetting(makeSet('v2', { maxUnavailable: '100%' }), fleet(40, 'v1'));

  it('stops taking Pods, gives up the claim and has somebody come back for the rest', async () => {
    const setting = wide();
    setting.cluster.before('patch', 'pods', () => setting.clock.pass(40));
    expect(await setting.run()).toMatchObject({
      kind: 'later',
      code: 'RolloutUnfinished',
      detail: { matchedPods: 40 },
    });
    const moved = setting.on('v2').length;
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThan(40);
    expect(setting.status()).toMatchObject({ updatedPods: moved, claim: {} });
    expect(statusWrites(setting)).toBe(2);

    await setting.run();
    expect(setting.on('v2')).toHaveLength(40);
  });

  it('writes nothing at all in its last seconds: the claim ends by itself', async () => {
    const setting = wide();
    setting.cluster.before('patch', 'pods', () => setting.clock.pass(45));
    expect(await setting.run()).toMatchObject({ kind: 'later', code: 'RolloutUnfinished' });
    expect(statusWrites(setting)).toBe(1);
    expect(await setting.run()).toMatchObject({ kind: 'later', code: 'RolloutClaimed' });
  });

  it('gives the claim back when the second list took all its time', async () => {
    const setting = wide();
    setting.cluster.before('list', 'pods', () => {
      setting.cluster.before('list', 'pods', () => setting.clock.pass(40));
    });
    expect(await setting.run()).toMatchObject({ kind: 'later', code: 'RolloutUnfinished' });
    expect(setting.cluster.writes()).toEqual(['replace sidecarsets/status', 'replace sidecarsets/status']);
    expect(setting.status().claim).toEqual({});
  });
});
