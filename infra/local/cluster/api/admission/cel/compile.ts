/** A matchCondition's expression: compiled once, with the refusals of Kubernetes. */
import type { TypeError as CheckError, ParseError } from '@marcbachmann/cel-js';
import { environment } from './environment.ts';
import { unsupportedIn } from './support.ts';

export type Compiled =
  | { kind: 'condition'; evaluate: (variables: Record<string, unknown>) => unknown }
  /** `why` is the detail of the 422. */
  | { kind: 'refused'; why: string };

/** As cel-go shows it: line and column from 1, the line, and an arrow under the column. */
const failed = (expression: string, position: number, message: string): Compiled => {
  const before = expression.slice(0, position).split('\n');
  const column = before.at(-1)?.length ?? 0;
  const line = expression.split('\n')[before.length - 1] ?? '';
  return {
    kind: 'refused',
    why:
      `compilation failed: ERROR: <input>:${before.length}:${column + 1}: ${message}\n` +
      ` | ${line}\n | ${'.'.repeat(column)}^`,
  };
};

const refused = (expression: string, error: ParseError | CheckError): Compiled => {
  const start = error.range?.start ?? 0;
  const name = expression.slice(start, error.range?.end);
  switch (error.code) {
    case 'unknown_variable':
      return failed(expression, start, `undeclared reference to '${name}' (in container '')`);
    case 'no_such_key':
      // The arrow is under the dot.
      return failed(expression, start - 1, `undefined field '${name}'`);
    default:
      return failed(expression, start, error.summary);
  }
};

const isCelError = (error: unknown): error is ParseError =>
  error instanceof Error && 'summary' in error && 'range' in error;

/** Only what is sure to be a bool is taken: `dyn` is not. */
const checked = (expression: string): Compiled => {
  const parsed = environment.parse(expression);
  const unsupported = unsupportedIn(parsed.ast);
  if (unsupported) {
    const { name, elsewhere, position } = unsupported;
    const why = elsewhere
      ? `${name} is not supported by the embedded API server`
      : `undeclared reference to ${name} (in container '')`;
    return failed(expression, position, why);
  }
  const { type, error } = parsed.check();
  if (error) return refused(expression, error);
  if (type !== 'bool') return { kind: 'refused', why: `must evaluate to bool but got ${type}` };
  return { kind: 'condition', evaluate: (variables) => parsed(variables) };
};

export const compile = (expression: string): Compiled => {
  try {
    return checked(expression);
  } catch (error) {
    if (!isCelError(error)) throw error;
    return refused(expression, error);
  }
};
