/** Absolute paths of a container and where they are on this machine, as there is no root directory of its own. */
export interface Mapping {
  /** Absolute, without a slash at the end. */
  from: string;
  to: string;
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** What may stand before a path in a shell command, an option or a list: never the end of another path or of a name. */
const BEFORE = '(?<=^|[\\s\'"`=:,;|&<>({[!@]|:[-=+?])';
/** The mapped path ends here or goes on with a slash; a letter or a pattern would make it another name. */
const AFTER = '(?![\\p{L}\\p{N}_.~%+@\\-*?$\\{\\\\])';

/**
 * Rewrites every absolute path in a text that equals a mapped path or lies below one; the longest mapped path wins.
 * Other paths are left as they are: they are this machine's.
 */
export const rewriter = (mappings: Mapping[]): ((text: string) => string) => {
  if (mappings.length === 0) return (text) => text;
  const targets = new Map(mappings.map(({ from, to }) => [from, to]));
  const longestFirst = [...targets.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`${BEFORE}(?:${longestFirst.map(literal).join('|')})${AFTER}`, 'gu');
  return (text) => text.replace(pattern, (path) => targets.get(path) ?? path);
};
