/** Which functions of CEL are done here; the contract cases hold each of them against Kubernetes. */
import type { ASTNode } from '@marcbachmann/cel-js';

const MACROS_AND_FUNCTIONS = new Set(['has', 'size', 'dyn']);

const METHODS = new Set([
  ...['all', 'exists', 'exists_one', 'map', 'filter', 'size'],
  ...['startsWith', 'endsWith', 'contains', 'matches', 'lowerAscii'],
  ...['of', 'none', 'hasValue', 'value', 'or', 'orValue'],
]);

/** What Kubernetes has besides: its own libraries, and those of CEL that differ in their details here. */
const ELSEWHERE = new Set([
  ...['int', 'uint', 'double', 'string', 'bool', 'bytes', 'type', 'timestamp', 'duration'],
  ...['matches', 'find', 'findAll', 'charAt', 'indexOf', 'lastIndexOf', 'upperAscii', 'quote'],
  ...['replace', 'split', 'substring', 'trim', 'join', 'format', 'named', 'validate'],
  ...['isSorted', 'sum', 'min', 'max', 'first', 'last', 'equivalent', 'intersects'],
  ...['optMap', 'optFlatMap', 'ofNonZeroValue', 'unwrap', 'unwrapOpt'],
  ...['existsOne', 'transformList', 'transformMap', 'transformMapEntry'],
  ...['isURL', 'url', 'getScheme', 'getHost', 'getHostname', 'getPort', 'getEscapedPath', 'getQuery'],
  ...['quantity', 'isQuantity', 'sign', 'isInteger', 'asInteger', 'asApproximateFloat', 'add', 'sub'],
  ...['isLessThan', 'isGreaterThan', 'compareTo', 'semver', 'isSemver', 'major', 'minor', 'patch'],
  ...['ip', 'isIP', 'cidr', 'isCIDR', 'family', 'isCanonical', 'containsIP', 'containsCIDR', 'masked'],
  ...['isUnspecified', 'isLoopback', 'isLinkLocalMulticast', 'isLinkLocalUnicast', 'isGlobalUnicast'],
  ...['prefixLength', 'path', 'group', 'resource', 'subresource', 'namespace', 'name', 'serviceAccount'],
  ...['check', 'allowed', 'reason', 'errored', 'error', 'fieldSelector', 'labelSelector'],
  ...['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear'],
  ...['getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'],
]);

export interface Unknown {
  name: string;
  /** Kubernetes would take it. */
  elsewhere: boolean;
  node: ASTNode;
}

/** A comprehension over keys and values: `all(k, v, condition)`. */
const TWO_VARIABLES = new Set(['all', 'exists', 'exists_one']);

const unknown = (node: ASTNode): Unknown[] => {
  if (node.op === 'id') return node.args === 'authorizer' ? [{ name: node.args, elsewhere: true, node }] : [];
  if (node.op !== 'call' && node.op !== 'rcall') return [];
  const [name] = node.args;
  if (node.op === 'rcall' && TWO_VARIABLES.has(name) && node.args[2].length === 3)
    return [{ name: `${name} (of two variables)`, elsewhere: true, node }];
  const done = node.op === 'call' ? MACROS_AND_FUNCTIONS : METHODS;
  return done.has(name) ? [] : [{ name, elsewhere: ELSEWHERE.has(name), node }];
};

/**
 * The first function that is not done here, or `authorizer`. What nobody knows comes first: to Kubernetes the whole
 * expression is wrong then.
 */
export const unknownIn = (nodes: ASTNode[]): Unknown | undefined => {
  const all = nodes.flatMap(unknown);
  return all.find(({ elsewhere }) => !elsewhere) ?? all[0];
};
