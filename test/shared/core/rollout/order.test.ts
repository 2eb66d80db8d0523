import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inUpgradeOrder } from '../../../../shared/core/rollout/order.ts';
import type { Condition, Pod, PodStatus } from '../../../../shared/model/kubernetes.ts';

interface Traits {
  name?: string;
  namespace?: string;
  node?: boolean;
  phase?: PodStatus['phase'];
  /** When it turned ready; `false` if it is not, null if ready without a time. */
  ready?: string | false | null;
  restarts?: number;
  nativeRestarts?: number;
  plainInitRestarts?: number;
  created?: string | null;
}

const restarts = (name: string, restartCount: number) => ({
  name,
  image: 'i',
  imageID: 'i',
  ready: true,
  restartCount,
});

const PLAIN = {
  name: 'p',
  namespace: 'default',
  node: true,
  phase: 'Running',
  ready: '2026-03-01T11:00:00Z',
  restarts: 0,
  nativeRestarts: 0,
  plainInitRestarts: 0,
  created: '2026-03-01T10:00:00Z',
} as const;

const readyCondition = (ready: string | false | null): Condition => ({
  type: 'Ready',
  status: ready === false ? 'False' : 'True',
  lastTransitionTime: ready || undefined,
});

const podOf = (traits: Traits): Pod => {
  const { name, namespace, created, node, phase, ready, ...counts } = { ...PLAIN, ...traits };
  return {
    metadata: { name, namespace, creationTimestamp: created ?? undefined },
    spec: {
      nodeName: node ? 'node' : undefined,
      containers: [{ name: 'main' }],
      initContainers: [{ name: 'native', restartPolicy: 'Always' }, { name: 'plain' }],
    },
    status: {
      phase,
      conditions: [readyCondition(ready)],
      containerStatuses: [restarts('main', counts.restarts)],
      initContainerStatuses: [
        restarts('native', counts.nativeRestarts),
        restarts('plain', counts.plainInitRestarts),
      ],
    },
  };
};

describe('the upgrade order', () => {
  it.each<{ first: Traits; second: Traits; why: string }>([
    { why: 'unassigned first', first: { node: false }, second: { phase: 'Pending' } },
    {
      why: 'Pending before Unknown',
      first: { phase: 'Pending' },
      second: { phase: 'Unknown', ready: false },
    },
    { why: 'Unknown before Running', first: { phase: 'Unknown' }, second: { ready: false } },
    { why: 'not ready first', first: { ready: false }, second: { ready: null, restarts: 9 } },
    { why: 'ready without a time first', first: { ready: null }, second: { restarts: 9 } },
    {
      why: 'ready for a shorter time first',
      first: { ready: '2026-03-01T11:00:01Z' },
      second: { restarts: 9 },
    },
    { why: 'more restarts first', first: { restarts: 2 }, second: { restarts: 1, nativeRestarts: 9 } },
    { why: 'more native restarts first', first: { nativeRestarts: 1 }, second: { plainInitRestarts: 9 } },
    {
      why: 'no creation time first',
      first: { created: null, name: 'z' },
      second: { created: '2026-03-01T10:00:01Z' },
    },
    { why: 'younger first', first: { created: '2026-03-01T10:00:01Z', name: 'z' }, second: {} },
    { why: 'by namespace', first: { namespace: 'a', name: 'z' }, second: { namespace: 'b', name: 'a' } },
    { why: 'by name', first: { name: 'a' }, second: { name: 'b' } },
  ])('$why', ({ first, second }) => {
    const pods = [podOf(first), podOf(second)];
    expect(inUpgradeOrder(pods)).toEqual(pods);
    expect(inUpgradeOrder(pods.toReversed())).toEqual(pods);
  });

  it('does not depend on the order of the list', () => {
    const traits = fc.record({
      node: fc.boolean(),
      phase: fc.constantFrom('Pending' as const, 'Unknown' as const, 'Running' as const, undefined),
      ready: fc.constantFrom(false as const, null, '2026-03-01T11:00:00Z', '2026-03-01T11:00:01Z'),
      restarts: fc.nat(2),
      nativeRestarts: fc.nat(1),
      created: fc.constantFrom(null, '2026-03-01T10:00:00Z', '2026-03-01T10:00:01Z'),
    });
    const shuffled = fc
      .array(traits, { maxLength: 12 })
      .map((list) => list.map((item, index) => podOf({ ...item, name: `p${index}` })))
      .chain((pods) =>
        fc.tuple(
          fc.constant(pods),
          fc.shuffledSubarray(pods, { minLength: pods.length, maxLength: pods.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([pods, others]) => {
        expect(inUpgradeOrder(others)).toEqual(inUpgradeOrder(pods));
      }),
    );
  });
});
