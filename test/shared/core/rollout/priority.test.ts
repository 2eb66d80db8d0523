import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byPriority } from '../../../../shared/core/rollout/priority.ts';
import type { LabelSelector, Pod } from '../../../../shared/model/kubernetes.ts';
import type { UpdateStrategy } from '../../../../shared/model/sidecarset.ts';
import { makeFleetPod } from '../../../support/fleet.ts';

type Strategy = UpdateStrategy['priorityStrategy'];

const lineOf = (labels: Record<string, string>[]): Pod[] =>
  labels.map((extra, index) => {
    const pod = makeFleetPod(index, 'v1');
    return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...extra } } };
  });

/** Places in the old line, in the new order. */
const orderOf = (strategy: Strategy, line: Pod[]): number[] =>
  byPriority(strategy, line).map((pod) => line.indexOf(pod));

const weigh = (weight: number, matchLabels: Record<string, string>) => ({
  weight,
  matchSelector: { matchLabels },
});
const BROKEN = undefined as unknown as LabelSelector & string;

describe('by weight', () => {
  const terms = [weigh(20, { tier: 'edge' }), weigh(10, { zone: 'a' }), weigh(15, { rack: '1' })];

  it.each<{ why: string; labels: Record<string, string>[]; order: number[] }>([
    { why: 'the heavier goes first', labels: [{ zone: 'a' }, { tier: 'edge' }], order: [1, 0] },
    { why: 'no match weighs nothing', labels: [{}, { zone: 'a' }], order: [1, 0] },
    { why: 'weights add up', labels: [{ tier: 'edge' }, { zone: 'a', rack: '1' }], order: [1, 0] },
    {
      why: 'equal weights keep their order',
      labels: [{}, { zone: 'a' }, {}, { tier: 'edge' }, { zone: 'a' }],
      order: [3, 1, 4, 0, 2],
    },
  ])('$why', ({ labels, order }) => {
    expect(orderOf({ weightPriority: terms }, lineOf(labels))).toEqual(order);
  });

  it('reads expressions', () => {
    const matchSelector: LabelSelector = { matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] };
    const line = lineOf([{ zone: 'a' }, {}]);
    expect(orderOf({ weightPriority: [{ weight: 1, matchSelector }] }, line)).toEqual([1, 0]);
  });

  it('wins over an order', () => {
    const strategy = { weightPriority: [weigh(1, { zone: 'a' })], orderPriority: [{ orderedKey: 'step' }] };
    expect(orderOf(strategy, lineOf([{ step: '9' }, {}, { zone: 'a', step: '1' }]))).toEqual([2, 0, 1]);
  });
});

describe('by order', () => {
  const ofStep = (value: string) => ({ step: value });

  it.each<{ why: string; labels: Record<string, string>[]; order: number[] }>([
    {
      why: 'Pods with none of the keys go first',
      labels: [ofStep('1'), {}, { late: '9' }],
      order: [1, 0, 2],
    },
    { why: 'the earlier key goes first', labels: [{ late: '20' }, ofStep('10')], order: [1, 0] },
    {
      why: 'the first key that a Pod has counts',
      labels: [{ late: '5' }, { late: '9', step: '1' }, ofStep('2')],
      order: [2, 1, 0],
    },
    { why: 'the larger number goes first', labels: [ofStep('o-5'), ofStep('o-10')], order: [1, 0] },
    { why: 'numbers compare among all texts', labels: [ofStep('z1'), ofStep('a2')], order: [1, 0] },
    {
      why: 'no digits at the end are 0',
      labels: [ofStep('9x'), ofStep('x1'), ofStep(''), ofStep('x0')],
      order: [1, 0, 2, 3],
    },
    {
      why: 'leading zeros do not count',
      labels: [ofStep('x2'), ofStep('x002'), ofStep('x010')],
      order: [2, 0, 1],
    },
    {
      why: 'numbers beyond what a double can tell apart compare',
      labels: [ofStep('9007199254740992'), ofStep('9007199254740993')],
      order: [1, 0],
    },
    {
      why: 'numbers beyond 64 bits are 0',
      labels: [ofStep('9223372036854775808'), ofStep('x1'), ofStep('9223372036854775807')],
      order: [2, 1, 0],
    },
    {
      why: 'equal ranks keep their order',
      labels: [{ late: '1' }, {}, ofStep('a-3'), { late: 'x1' }, {}, ofStep('b-3')],
      order: [1, 4, 2, 5, 0, 3],
    },
  ])('$why', ({ labels, order }) => {
    const orderPriority = [{ orderedKey: 'step' }, { orderedKey: 'late' }];
    expect(orderOf({ orderPriority }, lineOf(labels))).toEqual(order);
  });

  it('takes no inherited property for a label', () => {
    const line = lineOf([ofStep('1'), {}]);
    const orderPriority = [{ orderedKey: 'constructor' }, { orderedKey: 'step' }];
    expect(orderOf({ orderPriority }, line)).toEqual([1, 0]);
  });
});

describe('the line stays', () => {
  it.each<{ why: string; strategy: Strategy }>([
    { why: 'nothing is given', strategy: undefined },
    { why: 'neither kind is given', strategy: {} },
    { why: 'both lists are empty', strategy: { weightPriority: [], orderPriority: [] } },
    { why: 'a weight has no selector', strategy: { weightPriority: [{ weight: 9, matchSelector: BROKEN }] } },
    { why: 'an order has no key', strategy: { orderPriority: [{ orderedKey: BROKEN }] } },
  ])('if $why', ({ strategy }) => {
    expect(orderOf(strategy, lineOf([{ step: '1' }, { undefined: '2' }, { step: '3' }]))).toEqual([0, 1, 2]);
  });
});

it('is a stable permutation of the line, whatever the terms', () => {
  const value = fc.constantFrom('', 'a', 'x1', '1', '10', '99999999999999999999');
  const labels = fc.dictionary(fc.constantFrom('step', 'late'), value);
  const key = fc.constantFrom('step', 'late', 'none', BROKEN);
  const matchSelector = fc.option(fc.record({ matchLabels: labels }), { nil: BROKEN });
  const strategies = fc.record({
    weightPriority: fc.array(fc.record({ weight: fc.nat(100), matchSelector }), { maxLength: 3 }),
    orderPriority: fc.array(fc.record({ orderedKey: key }), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(labels, { maxLength: 12 }), strategies, (fleet, strategy) => {
      const line = lineOf(fleet);
      const order = orderOf(strategy, line);
      expect(order.toSorted((a, b) => a - b)).toEqual(line.map((_, index) => index));
      const sameLabels = (a: number, b: number) =>
        JSON.stringify(line[a]?.metadata.labels) === JSON.stringify(line[b]?.metadata.labels);
      for (const [place, index] of order.entries()) {
        expect(order.slice(0, place).filter((other) => other > index && sameLabels(other, index))).toEqual(
          [],
        );
      }
    }),
  );
});
