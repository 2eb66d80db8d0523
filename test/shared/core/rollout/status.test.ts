import { describe, expect, it } from 'vitest';
import { claimed } from '../../../../shared/core/rollout/claim.ts';
import { planRollout } from '../../../../shared/core/rollout/plan.ts';
import { type Findings, isTold, type Listed, statusAfter } from '../../../../shared/core/rollout/status.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import type { SidecarSet, SidecarSetStatus } from '../../../../shared/model/sidecarset.ts';
import { fleet, makeFleetPod, makeSet, marked, restarted, upgraded } from '../../../support/fleet.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const SEEN: Listed = { listed: '100', at: new Date('2026-03-01T11:59:58Z') };
const set = makeSet('v2', { maxUnavailable: 2 });
const taken = (index: number): Pod => upgraded(set, makeFleetPod(index, 'v1'));
const findings = (of: SidecarSet, pods: Pod[], more: Partial<Findings> = {}): Findings => ({
  plan: planRollout(of, { matched: pods }),
  matched: pods.length,
  evicted: 0,
  latestRevision: 'logs-1',
  collisionCount: 0,
  isDoubtful: false,
  now: NOW,
  ...more,
});
const POD_MIX = [
  taken(0),
  taken(1),
  ...[2, 3].map((index) => makeFleetPod(index, 'v1')),
  makeFleetPod(4, 'v2'),
];

describe('the status after a run', () => {
  it('says what became of the Pods, and gives up the claim', () => {
    const held = claimed(set, 'me', NOW);
    expect(statusAfter(held, findings(held, POD_MIX), SEEN)).toMatchObject({
      observedGeneration: 1,
      matchedPods: 5,
      updatedPods: 3,
      readyPods: 3,
      updatedReadyPods: 1,
      latestRevision: 'logs-1',
      collisionCount: 0,
      waiting: [
        { reason: 'InFlight', pods: 2, names: ['default/web-0', 'default/web-1'] },
        { reason: 'MaxUnavailable', pods: 2, names: ['default/web-2', 'default/web-3'] },
      ],
      claim: {
        listed: '100',
        at: '2026-03-01T11:59:58.000Z',
        inFlight: { pods: 2, names: ['default/web-0', 'default/web-1'] },
      },
    });
    expect(statusAfter(held, findings(held, POD_MIX), SEEN).claim).not.toHaveProperty('holder');
  });

  it('leaves out what there is none of', () => {
    const status = statusAfter(set, findings(set, [makeFleetPod(0, 'v1', { ready: false })]), SEEN);
    expect(status).toMatchObject({ updatedReadyPods: undefined, recreating: undefined });
    expect(statusAfter(set, findings(set, fleet(1, 'v2')), SEEN).waiting).toBeUndefined();
  });

  it('of a run that could not do all keeps what was listed and observed, and says how many it holds all the same', () => {
    const before: SidecarSetStatus = {
      observedGeneration: 3,
      matchedPods: 0,
      updatedPods: 0,
      readyPods: 0,
      claim: { listed: '80', at: '2026-03-01T11:00:00.000Z' },
    };
    const held = { ...set, status: before };
    expect(statusAfter(held, findings(held, POD_MIX), undefined)).toMatchObject({
      observedGeneration: 3,
      claim: { listed: '80', at: '2026-03-01T11:00:00.000Z', inFlight: { pods: 2 } },
    });
  });

  it('says that it is not all if a write may have taken effect or not, and only then', () => {
    const claimOf = (isDoubtful: boolean) =>
      statusAfter(set, findings(set, POD_MIX, { isDoubtful }), SEEN).claim;
    expect(claimOf(true)).toMatchObject({ interrupted: true, listed: '100' });
    expect(claimOf(false)).not.toHaveProperty('interrupted');
  });

  it('names the last hundred of many Pods on their way', () => {
    const pods = Array.from({ length: 150 }, (_, index) => taken(index));
    const { claim } = statusAfter(set, findings(set, pods), SEEN);
    expect(claim?.inFlight?.pods).toBe(150);
    expect(claim?.inFlight?.names).toHaveLength(100);
    expect(claim?.inFlight?.names.at(-1)).toBe('default/web-149');
  });

  it('remembers evictions', () => {
    const asking = marked(set, { 'serverless.sidecarset.io/beyond-image': 'recreate' });
    const plan = planRollout(asking, { matched: fleet(8, 'v2'), missing: 2 });
    const status = statusAfter(
      asking,
      findings(asking, fleet(8, 'v2'), { plan, matched: 10, evicted: 2 }),
      SEEN,
    );
    expect(status.recreating).toEqual({ pods: 10, evicted: 2, until: '2026-03-01T12:05:00.000Z' });
    expect(status.conditions?.[0]).toMatchObject({ type: 'Progressing', status: 'True' });
  });
});

describe('the stored status says the same already', () => {
  const told = (pods: Pod[]): SidecarSet => ({ ...set, status: statusAfter(set, findings(set, pods), SEEN) });
  const later = new Date('2026-03-01T12:03:00Z');
  const stored = told(POD_MIX);
  const change = (status: Partial<SidecarSetStatus>): SidecarSet => ({
    ...stored,
    status: { ...(stored.status as SidecarSetStatus), ...status },
  });

  it.each<{ name: string; of: SidecarSet; pods?: Pod[]; more?: Partial<Findings>; same: boolean }>([
    { name: 'nothing happened', of: stored, more: { now: later }, same: true },
    {
      name: 'stored by an API server, which drops what is undefined',
      of: JSON.parse(JSON.stringify(stored)),
      more: { now: later },
      same: true,
    },
    { name: 'there is no status', of: set, same: false },
    {
      name: 'of an older generation',
      of: { ...stored, metadata: { ...stored.metadata, generation: 2 } },
      same: false,
    },
    {
      name: 'a Pod came back',
      of: stored,
      pods: [restarted(POD_MIX[0] as Pod), ...POD_MIX.slice(1)],
      same: false,
    },
    { name: 'another revision is the latest', of: stored, more: { latestRevision: 'logs-2' }, same: false },
    { name: 'a name was taken', of: stored, more: { collisionCount: 1 }, same: false },
    { name: 'a Pod was evicted', of: stored, more: { evicted: 1 }, same: false },
    { name: 'the deadline passed', of: stored, more: { now: new Date('2026-03-01T12:30:00Z') }, same: false },
    {
      name: 'only who holds the claim differs',
      of: change({ claim: { ...stored.status?.claim, holder: 'x' } }),
      same: true,
    },
    {
      name: 'only what was listed differs',
      of: change({ claim: { ...stored.status?.claim, listed: '9' } }),
      same: true,
    },
    {
      name: 'a run did not come to its end',
      of: change({ claim: { ...stored.status?.claim, interrupted: true } }),
      same: false,
    },
    { name: 'the Pods on their way differ', of: change({ claim: { listed: '100' } }), same: false },
    { name: 'somebody changed a count', of: change({ readyPods: 9 }), same: false },
    { name: 'somebody changed a condition', of: change({ conditions: [] }), same: false },
    {
      name: 'somebody added a condition',
      of: change({ conditions: [...(stored.status?.conditions ?? []), { type: 'X', status: 'True' }] }),
      same: false,
    },
    { name: 'somebody changed who waits', of: change({ waiting: undefined }), same: false },
  ])('$same: $name', ({ of, pods = POD_MIX, more, same }) => {
    expect(isTold(of, findings(of, pods, more))).toBe(same);
  });
});
