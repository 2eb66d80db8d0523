import type { ASTNode } from '@marcbachmann/cel-js';

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

/** A parsed expression and all that it is made of, operands first. */
export const nodesOf = (node: ASTNode): ASTNode[] => [...operands(node).flatMap(nodesOf), node];
