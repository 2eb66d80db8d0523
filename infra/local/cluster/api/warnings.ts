/** Which of the webhooks' warnings reach the client (`endpoints/filters/warning.go`). */

/** Characters of all warnings together; beyond it each one is cut. */
const ROOM = 4096;
const CUT_TO = 256;

const isPrintable = (text: string): boolean => text !== '' && !/\p{Cc}/u.test(text);

const cut = (text: string): string => Array.from(text).slice(0, CUT_TO).join('');

const lengthOf = (texts: string[]): number => texts.reduce((sum, text) => sum + Array.from(text).length, 0);

/** Each text once, without those that hold control characters; if they are too many, cut until there is no room. */
export const shownWarnings = (warnings: string[]): string[] => {
  const shown = [...new Set(warnings)].filter(isPrintable);
  if (lengthOf(shown) <= ROOM) return shown;
  const short = shown.map(cut);
  return short.filter((_, index) => lengthOf(short.slice(0, index)) < ROOM);
};
