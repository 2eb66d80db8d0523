/** CEL as the expressions of a ValidatingAdmissionPolicy need it. What is not done here is named. */
import { type ASTNode, Environment } from '@marcbachmann/cel-js';
import { isObject, type JsonObject } from '../json.ts';

export type Variables = Record<'object' | 'oldObject' | 'namespaceObject' | 'request' | 'variables', unknown>;

export type Compiled =
  | { kind: 'expression'; evaluate: (variables: Variables) => unknown }
  /** No CEL: a 422 of the policy. */
  | { kind: 'wrong'; why: string }
  /** CEL of Kubernetes that is not done here. */
  | { kind: 'unsupported'; what: string };

/** The same here and there; whatever else CEL or Kubernetes has may differ in its details. */
const FUNCTIONS = new Set([
  ...['has', 'size', 'dyn', 'all', 'exists', 'exists_one', 'map', 'filter'],
  ...['startsWith', 'endsWith', 'contains', 'matches', 'lowerAscii'],
]);

const environment = new Environment({ homogeneousAggregateLiterals: false });
for (const name of ['object', 'oldObject', 'namespaceObject', 'request', 'variables'])
  environment.registerVariable(name, 'dyn');

const isNode = (value: unknown): value is ASTNode => isObject(value) && typeof value['op'] === 'string';

const nodesIn = (value: unknown): ASTNode[] => {
  if (Array.isArray(value)) return value.flatMap(nodesIn);
  return isNode(value) ? [value, ...nodesIn(value.args)] : [];
};

const functionOf = (node: ASTNode): string | undefined =>
  node.op === 'call' || node.op === 'rcall' ? node.args[0] : undefined;

/** The name in `variables.NAME`. */
const variableOf = (node: ASTNode): string | undefined => {
  if (node.op !== '.') return undefined;
  const [owner, name] = node.args;
  return owner.op === 'id' && owner.args === 'variables' ? name : undefined;
};

const firstOf = (nodes: ASTNode[], name: (node: ASTNode) => string | undefined, known: Set<string>) =>
  nodes.map(name).find((found) => found !== undefined && !known.has(found));

/**
 * @param declared names of the policy's variables that come before
 * @param wanted `bool`: what is not sure to be one is refused, `dyn` too
 */
export const compile = (expression: string, declared: string[], wanted: 'bool' | 'any'): Compiled => {
  try {
    const parsed = environment.parse(expression);
    const nodes = nodesIn(parsed.ast);
    const what = firstOf(nodes, functionOf, FUNCTIONS);
    if (what !== undefined) return { kind: 'unsupported', what };
    const unknown = firstOf(nodes, variableOf, new Set(declared));
    if (unknown !== undefined)
      return { kind: 'wrong', why: `compilation failed: undefined field '${unknown}'` };
    const { error, type } = parsed.check();
    if (error) return { kind: 'wrong', why: `compilation failed: ${error.message}` };
    if (wanted === 'bool' && type !== 'bool')
      return { kind: 'wrong', why: `must evaluate to bool but got ${type}` };
    return { kind: 'expression', evaluate: (variables) => parsed(variables) };
  } catch (error) {
    return { kind: 'wrong', why: `compilation failed: ${error instanceof Error ? error.message : error}` };
  }
};

/** JSON as values of CEL: whole numbers are ints, and a map has the keys that somebody set. */
export const celValue = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(celValue);
  if (Number.isSafeInteger(value)) return BigInt(Number(value));
  if (!isObject(value)) return value ?? null;
  const map: JsonObject = Object.create(null);
  for (const [key, item] of Object.entries(value)) if (item !== undefined) map[key] = celValue(item);
  return map;
};

/** In the words of cel-go. */
export const faultOf = (expression: string, error: unknown): string => {
  const text = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  const why = text.replace(/^No such key: /, 'no such key: ');
  return `expression '${expression}' resulted in error: ${why}`;
};
