/** An expression of admission: compiled once, with the refusals of Kubernetes. */
import type { ASTNode, TypeError as CheckError, ParseError } from '@marcbachmann/cel-js';
import { environmentWith, type VariableTypes } from './environment.ts';
import { type Unknown, unknownIn } from './functions.ts';
import { nodesOf } from './nodes.ts';
import { badPatternIn, useOwn, withKnownNames } from './own.ts';

/** Values by the names that the environment has. */
export type Variables = Record<string, unknown>;

export interface Expression {
  text: string;
  evaluate(variables: Variables): unknown;
}

export type Compiled =
  /** `type` in the words of the library. */
  | { kind: 'expression'; expression: Expression; type: string }
  /** No CEL: `why` is the detail of the 422. */
  | { kind: 'wrong'; why: string }
  /** CEL of Kubernetes that is not done here. */
  | { kind: 'unsupported'; what: string };

export interface Wish {
  /** `bool`: what is not sure to be one is refused, `dyn` too. */
  wanted: 'bool' | 'any';
  /** Those of the policy that come before. */
  variables?: VariableTypes;
}

/** As cel-go shows it: line and column from 1, the line, and an arrow under the column. */
const failed = (text: string, position: number, message: string): Compiled => {
  const before = text.slice(0, position).split('\n');
  const column = before.at(-1)?.length ?? 0;
  const line = text.split('\n')[before.length - 1] ?? '';
  return {
    kind: 'wrong',
    why:
      `compilation failed: ERROR: <input>:${before.length}:${column + 1}: ${message}\n` +
      ` | ${line}\n | ${'.'.repeat(column)}^`,
  };
};

const undeclared = (name: string): string => `undeclared reference to '${name}' (in container '')`;

const wrong = (text: string, error: ParseError | CheckError): Compiled => {
  const start = error.range?.start ?? 0;
  const name = text.slice(start, error.range?.end);
  switch (error.code) {
    case 'unknown_variable':
      return failed(text, start, undeclared(name));
    case 'no_such_key':
      // The arrow is under the dot.
      return failed(text, start - 1, `undefined field '${name}'`);
    default:
      return failed(text, start, withKnownNames(error.summary));
  }
};

/** The arrow is under the parenthesis of a call. */
const parenthesisOf = (text: string, node: ASTNode): number =>
  text.indexOf('(', node.op === 'rcall' ? node.args[1].range.end : node.range.start);

const unknown = (text: string, { name, elsewhere, node }: Unknown): Compiled =>
  elsewhere ? { kind: 'unsupported', what: name } : failed(text, parenthesisOf(text, node), undeclared(name));

const isCelError = (error: unknown): error is ParseError =>
  error instanceof Error && 'summary' in error && 'range' in error;

const checked = (text: string, { wanted, variables }: Wish): Compiled => {
  const parsed = environmentWith(variables).parse(text);
  const nodes = nodesOf(parsed.ast);
  const stranger = unknownIn(nodes);
  if (stranger) return unknown(text, stranger);
  const pattern = badPatternIn(nodes);
  if (pattern) return failed(text, pattern.range.start, 'invalid matches argument');
  useOwn(nodes);
  const { type, error } = parsed.check();
  if (error) return wrong(text, error);
  if (wanted === 'bool' && type !== 'bool')
    return { kind: 'wrong', why: `must evaluate to bool but got ${type}` };
  const expression = { text, evaluate: (values: Variables) => parsed(values) };
  return { kind: 'expression', expression, type: type ?? 'dyn' };
};

export const compile = (text: string, wish: Wish): Compiled => {
  try {
    return checked(text, wish);
  } catch (error) {
    if (!isCelError(error)) throw error;
    return wrong(text, error);
  }
};

/** Throws for what can't be compiled: its holder has been checked when it was written. */
export const expressionOf = (text: string, wish: Wish): Expression => {
  const compiled = compile(text, wish);
  if (compiled.kind !== 'expression') throw new Error(`${text} can't be compiled`);
  return compiled.expression;
};
