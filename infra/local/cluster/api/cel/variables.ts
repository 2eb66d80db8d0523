/** The variables of a policy: each may name those before it. */
import { compile } from './compile.ts';
import type { VariableTypes } from './environment.ts';

export interface Variable {
  name: string;
  expression: string;
  /** Those that it may name. */
  before: VariableTypes;
}

const DECLARED = new Set(['bool', 'bytes', 'double', 'int', 'null', 'string', 'uint', 'list', 'map', 'dyn']);

/** Kubernetes declares scalars, and lists and maps of them; anything else is `dyn`. */
const declared = (type: string): string => {
  if (type === 'list') return 'list<dyn>';
  if (type === 'map') return 'map<dyn, dyn>';
  return type.includes('optional')
    ? 'dyn'
    : type.replace(/[\w.]+/g, (part) => (DECLARED.has(part) ? part : 'dyn'));
};

/** What can't be compiled counts as `dyn`. */
const typeOf = (expression: string, variables: VariableTypes): string => {
  const compiled = compile(expression, { wanted: 'any', variables });
  return compiled.kind === 'expression' ? declared(compiled.type) : 'dyn';
};

/** @returns the variables, and what an expression after all of them may name */
export const scopesOf = (
  given: Omit<Variable, 'before'>[],
): { variables: Variable[]; after: VariableTypes } => {
  let after: VariableTypes = {};
  const variables = given.map(({ name, expression }) => {
    const before = after;
    after = { ...before, [name]: typeOf(expression, before) };
    return { name, expression, before };
  });
  return { variables, after };
};
