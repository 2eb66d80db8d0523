/**
 * Compiles a regular expression of Go's RE2 syntax into an unanchored test that takes linear time. `undefined`: it does
 * not compile.
 */
export type CompileRegex = (pattern: string) => ((text: string) => boolean) | undefined;

/** Where there is no expression, nothing that compiles one has to be loaded. */
export const COMPILES_NOTHING: CompileRegex = () => undefined;
