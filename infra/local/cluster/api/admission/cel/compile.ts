/** A matchCondition's expression. */
import { compile as compileAny } from '../../cel/compile.ts';
import { notImplemented } from '../../errors.ts';

type Compiled = { kind: 'expression' } | { kind: 'refused'; why: string };

/** `why` is the detail of the 422. Throws a 501 for CEL of Kubernetes that is not done here. */
export const compile = (expression: string): Compiled => {
  const compiled = compileAny(expression, { wanted: 'bool' });
  if (compiled.kind === 'unsupported')
    throw notImplemented(`matchConditions: the function ${compiled.what} of CEL is`);
  return compiled.kind === 'wrong' ? { kind: 'refused', why: compiled.why } : { kind: 'expression' };
};
