/** Whether the matchConditions of a webhook let a request through to it. */
import { type JsonObject, objectsAt, textAt } from '../../json.ts';
import { compile } from './compile.ts';
import { celValue } from './values.ts';

export interface Condition {
  expression: string;
  evaluate(variables: Record<string, unknown>): unknown;
}

export type Matched =
  | { kind: 'yes' }
  | { kind: 'no' }
  /** A sentence for each expression that could not be evaluated. */
  | { kind: 'failed'; why: string };

/** Throws for an expression that can't be compiled: the configuration has been checked when it was written. */
export const conditionsOf = (webhook: JsonObject): Condition[] =>
  objectsAt(webhook, 'matchConditions').map((condition) => {
    const expression = textAt(condition, 'expression') ?? '';
    const compiled = compile(expression);
    if (compiled.kind === 'refused') throw new Error(`matchCondition ${expression}: ${compiled.why}`);
    return { expression, evaluate: compiled.evaluate };
  });

const KEY = /^No such key: (.*)$/;
const INDEX = /index (-?\d+) >= size/;
const NO_OVERLOAD = [
  'no_such_overload',
  'no_matching_overload',
  'invalid_logical_operand',
  'invalid_condition_type',
];

/** In the words of cel-go. */
const sentence = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const summary = 'summary' in error ? String(error.summary) : error.message;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'index_out_of_bounds') return `index out of bounds: ${INDEX.exec(summary)?.[1] ?? ''}`;
  if (NO_OVERLOAD.includes(code)) return 'no such overload';
  const key = KEY.exec(summary)?.[1];
  return key === undefined ? summary : `no such key: ${key}`;
};

type Verdict = { holds: boolean } | { error: string };

const judge = ({ expression, evaluate }: Condition, variables: Record<string, unknown>): Verdict => {
  try {
    return { holds: evaluate(variables) === true };
  } catch (error) {
    return { error: `expression '${expression}' resulted in error: ${sentence(error)}` };
  }
};

/**
 * All conditions must hold. One that is false decides, whatever errors the others have.
 *
 * @param request the `request` of the review, `object` and `oldObject` in it (`null` where there is none)
 */
export const judgeConditions = (conditions: Condition[], request: JsonObject): Matched => {
  if (conditions.length === 0) return { kind: 'yes' };
  const { uid: _, object, oldObject, ...about } = request;
  const variables = {
    object: celValue(object),
    oldObject: celValue(oldObject),
    // Declared, but never there: as in Kubernetes.
    namespaceObject: null,
    request: celValue(about),
  };
  const verdicts = conditions.map((condition) => judge(condition, variables));
  if (verdicts.some((verdict) => 'holds' in verdict && !verdict.holds)) return { kind: 'no' };
  const errors = verdicts.flatMap((verdict) => ('error' in verdict ? [verdict.error] : []));
  if (errors.length === 0) return { kind: 'yes' };
  return { kind: 'failed', why: errors.length === 1 ? errors.join() : `[${errors.join(', ')}]` };
};
