/** Which functions of CEL are done here; the contract cases hold each of them against Kubernetes. */
import type { ASTNode } from '@marcbachmann/cel-js';

const MACROS_AND_FUNCTIONS = new Set(['has', 'size', 'dyn']);

const METHODS = new Set([
  ...['all', 'exists', 'exists_one', 'map', 'filter', 'size'],
  ...['startsWith', 'endsWith', 'contains'],
  ...['of', 'none', 'hasValue', 'value', 'or', 'orValue'],
]);

/** What Kubernetes has besides: its own libraries, and those of CEL that differ in their details here. */
const ELSEWHERE = new Set([
  ...['authorizer', 'strings', 'sets', 'lists', 'format'],
  ...['int', 'uint', 'double', 'string', 'bool', 'bytes', 'type', 'timestamp', 'duration'],
  ...['matches', 'find', 'findAll', 'charAt', 'indexOf', 'lastIndexOf', 'lowerAscii', 'upperAscii'],
  ...['replace', 'split', 'substring', 'trim', 'join', 'isSorted', 'sum', 'min', 'max'],
  ...['optMap', 'optFlatMap', 'ofNonZeroValue', 'existsOne'],
  ...['transformList', 'transformMap', 'transformMapEntry'],
  ...['isURL', 'url', 'quantity', 'isQuantity', 'ip', 'isIP', 'cidr', 'isCIDR', 'semver', 'isSemver'],
]);

export interface Unsupported {
  name: string;
  /** Kubernetes would take it. */
  elsewhere: boolean;
  /** Index of the name's node in the expression. */
  position: number;
}

const operands = (node: ASTNode): ASTNode[] => {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
};

const nameOf = (node: ASTNode): string | undefined => {
  if (node.op === 'id') return node.args === 'authorizer' ? node.args : undefined;
  if (node.op === 'call') return MACROS_AND_FUNCTIONS.has(node.args[0]) ? undefined : node.args[0];
  if (node.op === 'rcall') return METHODS.has(node.args[0]) ? undefined : node.args[0];
  return undefined;
};

/** A comprehension over keys and values: `all(k, v, condition)`. */
const TWO_VARIABLES = new Set(['all', 'exists', 'exists_one']);
const hasTwoVariables = (node: ASTNode): boolean =>
  node.op === 'rcall' && TWO_VARIABLES.has(node.args[0]) && node.args[2].length === 3;

/** The first function or variable of the expression that is not done here. */
export const unsupportedIn = (node: ASTNode): Unsupported | undefined => {
  const inner = operands(node)
    .map(unsupportedIn)
    .find((found) => found !== undefined);
  if (inner) return inner;
  const position = node.range.start;
  if (hasTwoVariables(node)) return { name: 'a macro with two variables', elsewhere: true, position };
  const name = nameOf(node);
  return name === undefined ? undefined : { name: `'${name}'`, elsewhere: ELSEWHERE.has(name), position };
};
