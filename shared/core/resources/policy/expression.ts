import type { Quantity } from '../../revision/quantity.ts';
import { capped } from './amounts.ts';
import { amountOf, meaningOf } from './meaning.ts';
import { parseExpression } from './parse.ts';
import type { Malformed } from './tokens.ts';

/** What an expression may use; also the resource that it is for. */
export type Variable = 'cpu' | 'memory';

export interface Compiled {
  kind: 'compiled';
  /** In cores or bytes; never fails, is capped as Kubernetes does, and may be below zero. */
  evaluate: (variable: Quantity) => Quantity;
}

/**
 * Reads an expression of a resourcesPolicy and checks its types, so that evaluation can't fail. Intermediate results are
 * exact for plain numbers and cut to milli for quantities, as in OpenKruise: `cpu/3*3` of 1 is `999m`.
 */
export const compileExpression = (text: string, variable: Variable): Compiled | Malformed => {
  const parsed = parseExpression(text);
  if (parsed.kind === 'malformed') return parsed;
  const meaning = meaningOf(parsed.expression, variable);
  if (meaning.kind === 'malformed') return meaning;
  const amount = amountOf(meaning);
  return { kind: 'compiled', evaluate: (value) => capped(amount(value)) };
};
