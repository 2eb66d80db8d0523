import type { CompileRegex } from '../model/regex.ts';
import { once } from './once.ts';

/** Instructions of a compiled expression: matching takes time in proportion. Some alternatives have ten, `(.*){1000}` has 4002. */
const MAX_SIZE = 1000;

/** Patterns that a warm function keeps. */
const MOST = 100;

/**
 * Go's regular expressions, which are linear in time and not those of JavaScript. The library is loaded at the first
 * call (some 10 ms) and kept: few SidecarSets need it. What is larger than {@link MAX_SIZE} does not compile.
 */
export const loadRegex: () => Promise<CompileRegex> = once(async () => {
  const { RE2JS, RE2JSException } = await import('re2js');
  const compile: CompileRegex = (pattern) => {
    try {
      const compiled = RE2JS.compile(pattern);
      if (compiled.programSize() > MAX_SIZE) return undefined;
      return (text) => compiled.matcher(text).find();
    } catch (error) {
      if (error instanceof RE2JSException) return undefined;
      throw error;
    }
  };
  const kept = new Map<string, ReturnType<CompileRegex>>();
  return (pattern) => {
    if (!kept.has(pattern)) {
      if (kept.size >= MOST) kept.clear();
      kept.set(pattern, compile(pattern));
    }
    return kept.get(pattern);
  };
});
