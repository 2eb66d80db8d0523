import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileExpression } from '../../../../../shared/core/resources/policy/expression.ts';

/** An expression that knows its own text and, computed in the plainest way, its value. */
type Tree =
  | { kind: 'number'; thousandths: bigint }
  | { kind: 'quantity'; milli: bigint }
  | { kind: 'cpu' }
  | { kind: 'minus'; of: Tree }
  | { kind: 'binary'; operator: string; left: Tree; right: Tree };

type Value = { top: bigint; bottom: bigint } | { milli: bigint } | 'refused';

const { tree } = fc.letrec<{ tree: Tree; leaf: Tree }>((tie) => ({
  leaf: fc.oneof(
    fc.bigInt({ min: 0n, max: 5000n }).map((thousandths): Tree => ({ kind: 'number', thousandths })),
    fc.bigInt({ min: 0n, max: 5000n }).map((milli): Tree => ({ kind: 'quantity', milli })),
    fc.constant<Tree>({ kind: 'cpu' }),
  ),
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('leaf'),
    tie('tree').map((of): Tree => ({ kind: 'minus', of })),
    fc.record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom('+', '-', '*', '/', 'max', 'min'),
      left: tie('tree'),
      right: tie('tree'),
    }),
  ),
}));

const rank = (tree: Tree): number => {
  if (tree.kind !== 'binary' || tree.operator.length > 1) return 3;
  return '+-'.includes(tree.operator) ? 1 : 2;
};

/** With no more parentheses than it needs, so that precedence is put to the test. */
const write = (tree: Tree): string => {
  const within = (inner: Tree, least: number): string =>
    rank(inner) < least ? `(${write(inner)})` : write(inner);
  switch (tree.kind) {
    case 'number':
      return `${tree.thousandths}e-3`;
    case 'quantity':
      return `${tree.milli}m`;
    case 'cpu':
      return 'cpu';
    case 'minus':
      return `-${within(tree.of, 3)}`;
    case 'binary':
      return rank(tree) === 3
        ? `${tree.operator}(${write(tree.left)}, ${write(tree.right)})`
        : `${within(tree.left, rank(tree))} ${tree.operator} ${within(tree.right, rank(tree) + 1)}`;
  }
};

type Known = Exclude<Value, 'refused'>;

const inMilli = (value: Known): bigint =>
  'milli' in value ? value.milli : (value.top * 1000n) / value.bottom;

const times = (left: Known, right: Known): Value => {
  if ('top' in left && 'top' in right)
    return { top: left.top * right.top, bottom: left.bottom * right.bottom };
  if ('milli' in left && 'top' in right) return { milli: (left.milli * right.top) / right.bottom };
  if ('top' in left && 'milli' in right) return { milli: (right.milli * left.top) / left.bottom };
  return 'refused';
};

const over = (left: Known, right: Known): Value => {
  if ('milli' in right || right.top === 0n) return 'refused';
  if ('milli' in left) return { milli: (left.milli * right.bottom) / right.top };
  return { top: left.top * right.bottom, bottom: left.bottom * right.top };
};

const likes = (operator: string, [a, b]: [bigint, bigint], unit: bigint): bigint => {
  const least = unit > 0n === a < b ? a : b;
  const results = new Map([
    ['+', a + b],
    ['-', a - b],
    ['min', least],
    ['max', a + b - least],
  ]);
  return results.get(operator) ?? 0n;
};

const apply = (operator: string, left: Known, right: Known): Value => {
  if (operator === '*') return times(left, right);
  if (operator === '/') return over(left, right);
  if ('milli' in left || 'milli' in right)
    return { milli: likes(operator, [inMilli(left), inMilli(right)], 1n) };
  const bottom = left.bottom * right.bottom;
  return { top: likes(operator, [left.top * right.bottom, right.top * left.bottom], bottom), bottom };
};

const opposite = (value: Value): Value => {
  if (value === 'refused') return value;
  return 'milli' in value ? { milli: -value.milli } : { top: -value.top, bottom: value.bottom };
};

const compute = (tree: Tree, cpu: bigint): Value => {
  switch (tree.kind) {
    case 'number':
      return { top: tree.thousandths, bottom: 1000n };
    case 'quantity':
      return { milli: tree.milli };
    case 'cpu':
      return { milli: cpu };
    case 'minus':
      return opposite(compute(tree.of, cpu));
    case 'binary': {
      const [left, right] = [compute(tree.left, cpu), compute(tree.right, cpu)];
      return left === 'refused' || right === 'refused' ? 'refused' : apply(tree.operator, left, right);
    }
  }
};

it('agrees with a plain computation of every tree, in value and in refusal', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(tree, fc.bigInt({ min: 0n, max: 100_000n }), (expression, milli) => {
      const text = write(expression);
      const compiled = compileExpression(text, 'cpu');
      const expected = compute(expression, milli);
      fc.pre(compiled.kind === 'compiled' || !/^(longer|more|nested)/.test(compiled.message));
      seen.add(compiled.kind);
      const actual =
        compiled.kind === 'compiled' ? compiled.evaluate({ milli, format: 'decimal' }).milli : 'refused';
      expect([text, actual]).toEqual([text, expected === 'refused' ? expected : inMilli(expected)]);
    }),
    { numRuns: 3000 },
  );
  expect([...seen].sort()).toEqual(['compiled', 'malformed']);
});
