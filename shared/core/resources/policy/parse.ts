/** Grammar of an expression: `+ -` bind weaker than `* /`, both to the left; a minus sign binds to what follows it. */
import type { Quantity } from '../../revision/quantity.ts';
import type { Rational } from './rational.ts';
import { type Malformed, malformed, type Sign, type Token, tokenize } from './tokens.ts';

export type Operator = '+' | '-' | '*' | '/';

export type Expression =
  | { kind: 'number'; value: Rational }
  | { kind: 'quantity'; value: Quantity }
  /** Names are in lower case: they are the same in any. */
  | { kind: 'name'; name: string }
  | { kind: 'negative'; of: Expression }
  | { kind: 'operation'; operator: Operator; left: Expression; right: Expression }
  | { kind: 'call'; name: string; args: Expression[] };

export type Parsed = { kind: 'parsed'; expression: Expression } | Malformed;

/** How deep parentheses, calls and minus signs may be nested. */
export const MAX_DEPTH = 32;

const BINDING: Record<Operator, number> = { '+': 1, '-': 1, '*': 2, '/': 2 };

/** Where the parser stands. */
interface Cursor {
  tokens: Token[];
  at: number;
  depth: number;
}

const parsed = (expression: Expression): Parsed => ({ kind: 'parsed', expression });

const unexpected = (token: Token | undefined, expected: string): Malformed =>
  malformed(
    `${token === undefined ? 'ends' : `${JSON.stringify(token.text)} stands`} where ${expected} should be`,
  );

/** Steps over the sign, if it is next. */
const took = (cursor: Cursor, sign: Sign): boolean => {
  const token = cursor.tokens[cursor.at];
  if (token?.kind !== 'sign' || token.text !== sign) return false;
  cursor.at += 1;
  return true;
};

const nextOperator = ({ tokens, at }: Cursor): Operator | undefined => {
  const token = tokens[at];
  if (token?.kind !== 'sign') return undefined;
  const sign = token.text;
  return sign === '+' || sign === '-' || sign === '*' || sign === '/' ? sign : undefined;
};

const nested = (cursor: Cursor, parse: (cursor: Cursor) => Parsed): Parsed => {
  if (cursor.depth === MAX_DEPTH) return malformed(`nested deeper than ${MAX_DEPTH}`);
  cursor.depth += 1;
  const result = parse(cursor);
  cursor.depth -= 1;
  return result;
};

const whole = (cursor: Cursor): Parsed => operations(cursor, 1);

const negative = (cursor: Cursor): Parsed => {
  const operand = nested(cursor, factor);
  return operand.kind === 'parsed' ? parsed({ kind: 'negative', of: operand.expression }) : operand;
};

const closed = (cursor: Cursor): Parsed => {
  const inner = nested(cursor, whole);
  if (inner.kind === 'malformed' || took(cursor, ')')) return inner;
  return unexpected(cursor.tokens[cursor.at], 'an operator or ")"');
};

const call = (cursor: Cursor, name: string): Parsed => {
  const args: Expression[] = [];
  do {
    const argument = nested(cursor, whole);
    if (argument.kind === 'malformed') return argument;
    args.push(argument.expression);
  } while (took(cursor, ','));
  if (!took(cursor, ')')) return unexpected(cursor.tokens[cursor.at], 'an operator, "," or ")"');
  return parsed({ kind: 'call', name, args });
};

const factor = (cursor: Cursor): Parsed => {
  if (took(cursor, '-')) return negative(cursor);
  if (took(cursor, '(')) return closed(cursor);
  const token = cursor.tokens[cursor.at];
  if (token === undefined || token.kind === 'sign')
    return unexpected(token, 'a number, a quantity or a name');
  cursor.at += 1;
  if (token.kind !== 'name') return parsed(token.kind === 'number' ? number(token) : quantity(token));
  const name = token.text.toLowerCase();
  return took(cursor, '(') ? call(cursor, name) : parsed({ kind: 'name', name });
};

const number = ({ value }: { value: Rational }): Expression => ({ kind: 'number', value });
const quantity = ({ value }: { value: Quantity }): Expression => ({ kind: 'quantity', value });

/** Precedence climbing: operands joined by operators that bind at least so strongly. */
const operations = (cursor: Cursor, binding: number): Parsed => {
  let left = factor(cursor);
  for (;;) {
    const operator = nextOperator(cursor);
    if (left.kind === 'malformed' || operator === undefined || BINDING[operator] < binding) return left;
    cursor.at += 1;
    const right = operations(cursor, BINDING[operator] + 1);
    if (right.kind === 'malformed') return right;
    left = parsed({ kind: 'operation', operator, left: left.expression, right: right.expression });
  }
};

/** The tree of an expression; it has no more nodes than the text has tokens. Names and types are not checked. */
export const parseExpression = (text: string): Parsed => {
  const read = tokenize(text);
  if (read.kind === 'malformed') return read;
  const cursor: Cursor = { tokens: read.tokens, at: 0, depth: 0 };
  const result = whole(cursor);
  if (result.kind === 'malformed' || cursor.at === read.tokens.length) return result;
  return unexpected(read.tokens[cursor.at], 'an operator');
};
