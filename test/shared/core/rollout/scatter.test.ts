import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scattered } from '../../../../shared/core/rollout/scatter.ts';
import type { Pod } from '../../../../shared/model/kubernetes.ts';
import type { UpdateStrategy } from '../../../../shared/model/sidecarset.ts';
import { makeFleetPod } from '../../../support/fleet.ts';

type Terms = UpdateStrategy['scatterStrategy'];
type Labels = Record<string, string>;

const fleetOf = (labels: Labels[]): Pod[] =>
  labels.map((extra, index) => {
    const pod = makeFleetPod(index, 'v1');
    return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...extra } } };
  });

/** A Pod for each word and a label for each of its letters; `.` has none. */
const drawn = (words: string): Labels[] =>
  words.split(' ').map((word) => Object.fromEntries([...word.replace('.', '')].map((key) => [key, '1'])));

const onLetters = (letters: string): Terms => [...letters].map((key) => ({ key, value: '1' }));

/** Places in the fleet, in the new order. The first `waiting` Pods are the line. */
const orderOf = (terms: Terms, labels: Labels[], waiting = labels.length): number[] => {
  const fleet = fleetOf(labels);
  return scattered(terms, fleet.slice(0, waiting), fleet).map((pod) => fleet.indexOf(pod));
};

const BROKEN = undefined as unknown as string;

describe('one term', () => {
  it.each<{ pods: string; order: string }>([
    { pods: '.', order: '0' },
    { pods: 'A', order: '0' },
    { pods: 'A x', order: '0 1' },
    { pods: 'x A A', order: '0 1 2' },
    { pods: 'x x A', order: '0 1 2' },
    { pods: '. . . . A A', order: '4 0 1 2 3 5' },
    { pods: '. . . A A A', order: '3 0 1 4 2 5' },
    { pods: '. . A A A A', order: '2 3 0 4 1 5' },
    { pods: '. . . A . . A', order: '3 0 1 2 4 5 6' },
    { pods: '. . . . . . A A A', order: '6 0 1 2 7 3 4 5 8' },
    { pods: '. . A . A A A A A', order: '2 4 0 5 6 1 7 3 8' },
    { pods: '. A . A . . A A A', order: '1 0 3 2 6 4 7 5 8' },
    { pods: '. . . . x y . A A AB', order: '7 0 1 2 3 8 4 5 6 9' },
  ])('deals "$pods" to $order', ({ pods, order }) => {
    expect(orderOf(onLetters('A'), drawn(pods)).join(' ')).toBe(order);
  });
});

/** Of its 21 one has a hole instead of a Pod; without the hole it is another of them. */
describe("OpenKruise's own vectors", () => {
  it.each<{ terms: string; pods: string; order: string }>([
    { terms: 'A', pods: 'AB', order: '0' },
    { terms: '', pods: '. . . . . .', order: '0 1 2 3 4 5' },
    { terms: 'A', pods: '. . . . A A', order: '4 0 1 2 3 5' },
    { terms: 'B', pods: '. . . . x y B A A AB', order: '6 0 1 2 3 4 5 7 8 9' },
    { terms: 'AB', pods: 'B B . . A A', order: '0 4 2 3 5 1' },
    { terms: 'AB', pods: '. . . B AB A', order: '4 0 1 2 5 3' },
    { terms: 'BA', pods: '. . . . x y B A A B', order: '7 6 0 1 2 3 4 5 9 8' },
    { terms: 'AB', pods: '. . . . x y B A A B', order: '6 7 0 1 2 3 4 5 8 9' },
    { terms: 'AB', pods: '. . . . x y AB . . AB', order: '6 0 1 2 3 4 5 7 8 9' },
    { terms: 'AB', pods: '. . . x y AB . . AB', order: '5 0 1 2 3 4 6 7 8' },
    { terms: 'AB', pods: '. . . A x y AB . . .', order: '3 0 1 2 4 5 7 6' },
    { terms: 'AB', pods: '. . . A . . x y AB . . AB', order: '0 1 2 4 3 5 6 7 9 10 8' },
    { terms: 'AB', pods: '. . . A xA y AB . . AB', order: '6 3 0 1 4 2 5 7 8 9' },
    { terms: 'AB', pods: '. A A x y AB . . AB', order: '5 1 0 3 2 4 6 7 8' },
    { terms: 'AB', pods: 'A . . A xA y AB . . AB', order: '1 0 2 3 5 4 7 6' },
    { terms: 'AB', pods: '. . A A . A x y AB . . AB', order: '0 2 1 4 3 6 7 5 9 10 8' },
    { terms: 'ABC', pods: '. A A B B C C C C C', order: '3 1 5 0 6 7 8 9 2 4' },
    { terms: 'ABC', pods: '. A AC BC B . . C C C', order: '3 2 0 7 8 5 6 9 1 4' },
    { terms: 'A', pods: '. . . . A A A', order: '0 1 4 2 3 5' },
    { terms: 'A', pods: 'A A . . . . . . . A', order: '2 0 3 4 5 6 1' },
  ])('$terms deals "$pods" to $order', ({ terms, pods, order }) => {
    const waiting = order.split(' ').length;
    expect(orderOf(onLetters(terms), drawn(pods), waiting).join(' ')).toBe(order);
  });
});

describe('several terms', () => {
  it('deal the one that most Pods have first', () => {
    expect(orderOf(onLetters('AB'), drawn('A A B B B . .'))).toEqual(
      orderOf(onLetters('BA'), drawn('A A B B B . .')),
    );
  });

  it('deal in the order of the list if as many Pods have them', () => {
    expect(orderOf(onLetters('AB'), drawn('A A B B . .'))).toEqual([2, 0, 4, 5, 1, 3]);
    expect(orderOf(onLetters('BA'), drawn('A A B B . .'))).toEqual([0, 2, 4, 5, 3, 1]);
  });

  it('count once if they are the same', () => {
    const labels = drawn('A A B B . .');
    expect(orderOf(onLetters('ABBB'), labels)).toEqual(orderOf(onLetters('AB'), labels));
  });
});

describe('the value *', () => {
  const MODES = ['A', 'A', 'A', 'B', 'B', '', '', 'C', 'C', 'C', 'C'];
  const modes = MODES.map((mode): Labels => (mode === '' ? {} : { mode }));
  const each = (values: string): Terms => [...values].map((value) => ({ key: 'mode', value }));

  it('is every value of the label', () => {
    expect(orderOf([{ key: 'mode', value: '*' }], modes)).toEqual([3, 0, 7, 8, 9, 1, 5, 6, 10, 2, 4]);
    expect(orderOf(each('ABC'), modes)).toEqual([3, 0, 7, 8, 9, 1, 5, 6, 10, 2, 4]);
  });

  it('has its values in the order of all Pods, and stands beside other terms', () => {
    const labels: Labels[] = [{ mode: 'B' }, { mode: 'B' }, { mode: 'A' }, { mode: 'A' }, {}, {}];
    const every = orderOf([{ key: 'mode', value: '*' }], labels);
    expect(every).toEqual(orderOf(each('BA'), labels));
    expect(every).not.toEqual(orderOf(each('AB'), labels));
    expect(orderOf([...(each('A') ?? []), { key: 'mode', value: '*' }], labels)).toEqual(
      orderOf(each('AB'), labels),
    );
  });

  it('brings no turn for values that only Pods outside the line have', () => {
    const labels: Labels[] = [{}, {}, { mode: 'A' }, { mode: 'A' }, { mode: 'B' }, { mode: 'B' }];
    expect(orderOf([{ key: 'mode', value: '*' }], labels, 4)).toEqual([2, 0, 1, 3]);
  });

  it('changes nothing if no Pod has the label', () => {
    expect(orderOf([{ key: 'none', value: '*' }], modes)).toEqual(modes.map((_, index) => index));
  });
});

describe('an empty value', () => {
  const term = { key: 'A', value: '' };

  it('matches a missing label, too', () => {
    expect(orderOf([term], drawn('A A . . . .'))).toEqual([2, 3, 0, 4, 1, 5]);
    expect(orderOf([term], [{ A: '' }, { A: '' }, {}, {}])).toEqual([0, 1, 2, 3]);
  });

  it('has a turn among several terms only if a Pod carries it', () => {
    const pods: Labels[] = [{ A: '1' }, { A: '1' }, { B: '1' }, {}, {}];
    expect(orderOf([term, { key: 'B', value: '1' }], pods)).toEqual([0, 1, 2, 3, 4]);
    expect(orderOf([term, { key: 'B', value: '1' }], [...pods, { A: '' }])).toEqual([2, 3, 0, 4, 1, 5]);
  });
});

describe('the line stays', () => {
  it.each<{ why: string; terms: Terms }>([
    { why: 'nothing is given', terms: undefined },
    { why: 'the list is empty', terms: [] },
    { why: 'a term has no key', terms: [{ key: BROKEN, value: '1' }] },
    { why: 'a term has no key and every value', terms: [{ key: BROKEN, value: '*' }] },
    { why: 'a label is only inherited', terms: [{ key: 'constructor', value: '*' }] },
  ])('if $why', ({ terms }) => {
    const labels: Labels[] = [{}, {}, { undefined: '1' }, { undefined: '1' }];
    expect(orderOf(terms, labels)).toEqual([0, 1, 2, 3]);
  });
});

it('is a permutation of the line, whatever the terms, and leaves the line itself alone', () => {
  const key = fc.constantFrom('A', 'B', 'C');
  const value = fc.constantFrom('', '1', '2');
  const term = fc.record({
    key: fc.oneof(key, fc.constantFrom('', 'constructor', BROKEN)),
    value: fc.oneof(value, fc.constantFrom('*', '*', BROKEN)),
  });
  const pods = fc.array(fc.dictionary(key, value), { maxLength: 20 });
  const cases = pods.chain((labels) => {
    const fleet = fleetOf(labels);
    return fc.record({
      line: fc.shuffledSubarray(fleet),
      matched: fc.subarray(fleet),
      fleet: fc.constant(fleet),
    });
  });
  fc.assert(
    fc.property(fc.array(term, { maxLength: 4 }), cases, (terms, { line, matched, fleet }) => {
      const names = (list: Pod[]) => list.map(({ metadata }) => metadata.name);
      const before = names(line);
      // Also where the promise that `matched` holds the line is broken.
      for (const all of [fleet, matched]) {
        expect(names(scattered(terms, line, all)).toSorted()).toEqual(before.toSorted());
      }
      expect(names(line)).toEqual(before);
    }),
    { numRuns: 500 },
  );
});
