const NEWLINE = 10;

/** Whole lines from the start of `bytes`, at most `limit`, and how many bytes they take with their newlines. */
export const wholeLines = (bytes: Buffer, limit: number): { lines: string[]; length: number } => {
  const lines: string[] = [];
  let length = 0;
  for (let end = bytes.indexOf(NEWLINE); end !== -1 && lines.length < limit; ) {
    lines.push(bytes.toString('utf8', length, end));
    length = end + 1;
    end = bytes.indexOf(NEWLINE, length);
  }
  return { lines, length };
};
