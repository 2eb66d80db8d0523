import type { StatusCause } from '../../../../../shared/model/kubernetes.ts';
import { compile, type Wish } from '../cel/compile.ts';
import { invalidValue, notImplemented } from '../errors.ts';

/** What is against an expression of CEL. Throws a 501 for what is not done here, by its name. */
export const compiledCauses = (field: string, expression: string, wish: Wish): StatusCause[] => {
  const compiled = compile(expression, wish);
  if (compiled.kind === 'unsupported')
    throw notImplemented(`${field}: the function ${compiled.what} of CEL is`);
  return compiled.kind === 'wrong' ? [invalidValue(field, expression, compiled.why)] : [];
};
