/** Functions that the library does in JavaScript's way, done here in Go's. */
import type { ASTNode } from '@marcbachmann/cel-js';
import { RE2JS, RE2JSException } from 're2js';

/** Of all letters, only those of ASCII. */
const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** Anywhere in the text. Throws in Go's words for what is no regular expression. */
const matches = (text: string, pattern: string): boolean => RE2JS.compile(pattern).matcher(text).find();

/** The library does not let its own be replaced, so they have other names there. */
export const OWN = {
  matches: { name: 'matchesInGo', signature: 'string.matchesInGo(string): bool', work: matches },
  lowerAscii: { name: 'lowerAsciiInGo', signature: 'string.lowerAsciiInGo(): string', work: lowerAscii },
};

const isOwn = (name: string): name is keyof typeof OWN => Object.hasOwn(OWN, name);

const isPattern = (pattern: unknown): boolean => {
  if (typeof pattern !== 'string') return true;
  try {
    RE2JS.compile(pattern);
    return true;
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return false;
  }
};

/** A pattern that is written out, but is none. */
export const badPatternIn = (nodes: ASTNode[]): ASTNode | undefined =>
  nodes
    .flatMap((node) => (node.op === 'rcall' && node.args[0] === 'matches' ? node.args[2].slice(0, 1) : []))
    .find((pattern) => pattern.op === 'value' && !isPattern(pattern.args));

/** Makes an expression that is not yet checked call ours. */
export const useOwn = (nodes: ASTNode[]): void => {
  for (const node of nodes)
    if (node.op === 'rcall' && isOwn(node.args[0])) node.args[0] = OWN[node.args[0]].name;
};

/** A sentence of the library with the names that CEL has. */
export const withKnownNames = (sentence: string): string =>
  Object.entries(OWN).reduce((text, [known, { name }]) => text.replaceAll(name, known), sentence);
