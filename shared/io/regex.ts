import type { CompileRegex } from '../model/regex.ts';
import { once } from './once.ts';

/**
 * Go's regular expressions, which are linear in time and not those of JavaScript. The library is loaded at the first
 * call (some 10 ms) and kept: few SidecarSets need it.
 */
export const loadRegex: () => Promise<CompileRegex> = once(async () => {
  const { RE2JS, RE2JSException } = await import('re2js');
  return (pattern) => {
    try {
      const compiled = RE2JS.compile(pattern);
      return (text) => compiled.matcher(text).find();
    } catch (error) {
      if (error instanceof RE2JSException) return undefined;
      throw error;
    }
  };
});
