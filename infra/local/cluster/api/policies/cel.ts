/** CEL as the expressions of a ValidatingAdmissionPolicy need it. */
import { type Compiled, compile as compileAny } from '../cel/compile.ts';

/** Of any type: what a variable is, shows when it is evaluated. */
const untyped = (names: string[]) => Object.fromEntries(names.map((name) => [name, 'dyn']));

/** @param declared names of the policy's variables that come before */
export const compile = (expression: string, declared: string[], wanted: 'bool' | 'any'): Compiled =>
  compileAny(expression, { wanted, ...(declared.length > 0 && { variables: untyped(declared) }) });
