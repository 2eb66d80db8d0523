/** A line diff of two texts, by their longest common subsequence. Pure. */

const CONTEXT = 3;

type Line = { sign: ' ' | '-' | '+'; text: string };

/** `lengths[i][j]`: of the longest common subsequence of `before` from i and `after` from j. */
const commonLengths = (before: string[], after: string[]): number[][] => {
  const lengths = Array.from({ length: before.length + 1 }, () =>
    new Array<number>(after.length + 1).fill(0),
  );
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const row = lengths[i] ?? [];
    for (let j = after.length - 1; j >= 0; j -= 1)
      row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  return lengths;
};

const script = (before: string[], after: string[]): Line[] => {
  const lengths = commonLengths(before, after);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [left, right] = [before[i], after[j]];
    if (left !== undefined && left === right) {
      lines.push({ sign: ' ', text: left });
      i += 1;
      j += 1;
    } else if (left !== undefined && (lengths[i + 1]?.[j] ?? -1) >= (lengths[i]?.[j + 1] ?? -1)) {
      lines.push({ sign: '-', text: left });
      i += 1;
    } else {
      lines.push({ sign: '+', text: right ?? '' });
      j += 1;
    }
  }
  return lines;
};

const linesOf = (text: string): string[] => (text === '' ? [] : text.trimEnd().split('\n'));

/**
 * Lines that begin with `-`, `+` or a space: changes, three lines around them, and `...` for what is left out. Empty
 * if the texts are the same.
 */
export const lineDiff = (before: string, after: string): string[] => {
  if (before === after) return [];
  const lines = script(linesOf(before), linesOf(after));
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ sign }) => sign !== ' '),
  );
  return lines.flatMap(({ sign, text }, index) => {
    if (near[index]) return [`${sign} ${text}`];
    return index === 0 || near[index - 1] ? ['...'] : [];
  });
};
