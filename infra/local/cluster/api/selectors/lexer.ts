/** The words of a label selector (`apimachinery/pkg/labels/selector.go`). */

export type Token = { kind: 'word' | 'symbol' | 'end'; text: string };

const SYMBOLS = ['!=', '==', '=', '!', ',', '(', ')', '<', '>'];
const SPACE = /\s/;

const symbolAt = (text: string, index: number): string | undefined =>
  SYMBOLS.find((symbol) => text.startsWith(symbol, index));

const wordAt = (text: string, index: number): string => {
  let end = index;
  while (end < text.length && !SPACE.test(text.charAt(end)) && !symbolAt(text, end)) end += 1;
  return text.slice(index, end);
};

/** Always ends with a token of kind `end`. */
export const tokens = (text: string): Token[] => {
  const found: Token[] = [];
  let index = 0;
  while (index < text.length) {
    if (SPACE.test(text.charAt(index))) {
      index += 1;
      continue;
    }
    const symbol = symbolAt(text, index);
    const token: Token = symbol
      ? { kind: 'symbol', text: symbol }
      : { kind: 'word', text: wordAt(text, index) };
    found.push(token);
    index += token.text.length;
  }
  return [...found, { kind: 'end', text: '' }];
};
