import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileExpression } from '../../../../../shared/core/resources/policy/expression.ts';
import {
  type Expression,
  MAX_DEPTH,
  parseExpression,
} from '../../../../../shared/core/resources/policy/parse.ts';
import { MAX_CHARACTERS, MAX_TOKENS, tokenize } from '../../../../../shared/core/resources/policy/tokens.ts';
import { formatQuantity, parseQuantity } from '../../../../../shared/core/revision/quantity.ts';

const compiles = (text: string): string => {
  const compiled = compileExpression(text, 'cpu');
  return compiled.kind === 'compiled' ? 'yes' : compiled.message;
};

it.each([
  ['characters', `cpu${' '.repeat(MAX_CHARACTERS - 3)}`, ' ', 'longer than 256 characters'],
  ['tokens', `cpu${'+1'.repeat((MAX_TOKENS - 2) / 2)} `, '+1', 'more than 128 numbers, names and signs'],
])('takes as many %s as the bound says, and not more', (_, most, more, message) => {
  expect(compiles(most)).toBe('yes');
  expect(compiles(most + more)).toBe(message);
});

it.each([
  ['parentheses', (depth: number) => `${'('.repeat(depth)}cpu${')'.repeat(depth)}`],
  ['minus signs', (depth: number) => `${'-'.repeat(depth)}cpu`],
  ['calls', (depth: number) => `${'max(1,'.repeat(depth)}cpu${')'.repeat(depth)}`],
])('takes %s as deep as the bound says, and not deeper', (name, nested) => {
  const deepest = name === 'calls' ? 25 : MAX_DEPTH;
  expect(compiles(nested(deepest))).toBe('yes');
  expect(compiles(nested(MAX_DEPTH + 1))).toMatch(/^(nested deeper than 32|more than 128 .*)$/);
});

it('refuses a megabyte of parentheses without walking them', () => {
  expect(compiles('('.repeat(1_000_000))).toBe('longer than 256 characters');
});

const nodes = (expression: Expression): number => {
  switch (expression.kind) {
    case 'negative':
      return 1 + nodes(expression.of);
    case 'operation':
      return 1 + nodes(expression.left) + nodes(expression.right);
    case 'call':
      return expression.args.reduce((count, arg) => count + nodes(arg), 1);
    default:
      return 1;
  }
};

const PIECES = [
  'cpu',
  'max(',
  'min(',
  '(',
  ')',
  ',',
  '+',
  '-',
  '*',
  '/',
  ' ',
  '2',
  '0',
  '50%',
  '1.5Gi',
  '7m',
  '1e18',
  '.',
  'e',
  'K',
];
const soup = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join('')),
);

it('has no more tokens than characters and no more nodes than tokens, whatever the text', () => {
  fc.assert(
    fc.property(soup, (text) => {
      const read = tokenize(text);
      const parsed = parseExpression(text);
      if (read.kind === 'malformed') return parsed.kind === 'malformed';
      const { length } = read.tokens;
      const isBounded = length <= Math.min(text.length, MAX_TOKENS);
      return isBounded && (parsed.kind === 'malformed' || nodes(parsed.expression) <= length);
    }),
    { numRuns: 5000 },
  );
});

it('evaluates every text that compiles for every quantity, to a quantity that Kubernetes reads', () => {
  const value = fc.tuple(
    fc.bigInt({ min: 0n, max: 2n ** 73n }),
    fc.constantFrom('decimal' as const, 'binary' as const, 'exponent' as const),
  );
  fc.assert(
    fc.property(soup, value, (text, [milli, format]) => {
      const compiled = compileExpression(text, 'cpu');
      fc.pre(compiled.kind === 'compiled');
      if (compiled.kind !== 'compiled') return;
      const result = compiled.evaluate({ milli, format });
      expect(parseQuantity(formatQuantity(result))?.milli).toBe(result.milli);
    }),
    { numRuns: 300, maxSkipsPerRun: 1000 },
  );
});

it('reads what it formats as the same text again', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: (2n ** 63n - 1n) * 1000n }),
      fc.constantFrom('decimal' as const, 'binary' as const, 'exponent' as const),
      (milli, format) => {
        const text = formatQuantity({ milli, format });
        const again = parseQuantity(text);
        expect(again?.milli).toBe(milli);
        expect(again && formatQuantity(again)).toBe(text);
      },
    ),
  );
});
