/** What an expression says about a request, in the words of cel-go where it can't say anything. */
import type { Expression, Variables } from './compile.ts';
import { withKnownNames } from './own.ts';

/** A condition that can be told, or the sentence why not. */
export type Verdict = { holds: boolean } | { fault: string };

export type Matched =
  | { kind: 'yes' }
  | { kind: 'no' }
  /** A sentence for each expression that could not be evaluated. */
  | { kind: 'failed'; why: string };

const KEY = /^No such key: (.*)$/;
const INDEX = /index (-?\d+) >= size/;
const NO_OVERLOAD = [
  'no_such_overload',
  'no_matching_overload',
  'invalid_logical_operand',
  'invalid_condition_type',
];

/** Why a value could not be found. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const summary = 'summary' in error ? String(error.summary) : error.message;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'index_out_of_bounds') return `index out of bounds: ${INDEX.exec(summary)?.[1] ?? ''}`;
  if (NO_OVERLOAD.includes(code)) return 'no such overload';
  const key = KEY.exec(summary)?.[1];
  return key === undefined ? withKnownNames(summary) : `no such key: ${key}`;
};

export const judge = ({ text, evaluate }: Expression, variables: Variables): Verdict => {
  try {
    return { holds: evaluate(variables) === true };
  } catch (error) {
    return { fault: `expression '${text}' resulted in error: ${reasonOf(error)}` };
  }
};

/** All must hold. One that is false decides, whatever faults the others have. */
export const judgeAll = (conditions: Expression[], variables: Variables): Matched => {
  const verdicts = conditions.map((condition) => judge(condition, variables));
  if (verdicts.some((verdict) => 'holds' in verdict && !verdict.holds)) return { kind: 'no' };
  const faults = [...new Set(verdicts.flatMap((verdict) => ('fault' in verdict ? [verdict.fault] : [])))];
  if (faults.length === 0) return { kind: 'yes' };
  return { kind: 'failed', why: faults.length === 1 ? faults.join() : `[${faults.join(', ')}]` };
};
