import { type Compiled, compileSet } from '../../shared/core/injection/compile.ts';
import type { Digest } from '../../shared/core/revision/hash.ts';
import type { SidecarSet } from '../../shared/model/sidecarset.ts';

interface Kept {
  resourceVersion: string;
  compiled: Compiled;
}

/** Above it the oldest go: sets come and go in a long-lived function. */
const MOST = 1000;

/**
 * {@link compileSet}, kept between the calls of a warm function by uid and resourceVersion: the sets are read anew on
 * every call, so a stale one is never served.
 */
export const createCompiler = (digest: Digest): ((stored: SidecarSet) => Compiled) => {
  const kept = new Map<string, Kept>();
  return (stored) => {
    const { uid, resourceVersion } = stored.metadata;
    if (!uid || !resourceVersion) return compileSet(stored, digest);
    const known = kept.get(uid);
    if (known?.resourceVersion === resourceVersion) return known.compiled;
    const compiled = compileSet(stored, digest);
    kept.delete(uid);
    kept.set(uid, { resourceVersion, compiled });
    const [oldest] = kept.keys();
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
    return compiled;
  };
};
