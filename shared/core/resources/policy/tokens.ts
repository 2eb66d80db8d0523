/** The words of an expression of a resourcesPolicy. `text` is always what stands in the expression. */
import { parseQuantity, type Quantity } from '../../revision/quantity.ts';
import { decimal, type Rational } from './rational.ts';

const SIGNS = ['+', '-', '*', '/', '(', ')', ','] as const;
export type Sign = (typeof SIGNS)[number];

export type Token =
  | { kind: 'number'; value: Rational; text: string }
  | { kind: 'quantity'; value: Quantity; text: string }
  | { kind: 'name'; text: string }
  | { kind: 'sign'; text: Sign };

export type Malformed = { kind: 'malformed'; message: string };

/** Far beyond what anyone writes; they bound the work on hostile text. */
export const MAX_CHARACTERS = 256;
export const MAX_TOKENS = 128;
const MAX_EXPONENT = 18;

const UNITS = ['m', 'k', 'M', 'G', 'T', 'P', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
const SPACES = ' \t\n\r\v\f';

export const malformed = (message: string): Malformed => ({ kind: 'malformed', message });

const isSpace = (char: string): boolean => SPACES.includes(char);
const isDigit = (char: string): boolean => char >= '0' && char <= '9';
const isLetter = (char: string): boolean => (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z');
const isWord = (char: string): boolean => isLetter(char) || isDigit(char) || char === '_';

/** The first index from which on the characters are others. */
const after = (text: string, from: number, belongs: (char: string) => boolean): number => {
  let end = from;
  while (end < text.length && belongs(text.charAt(end))) end += 1;
  return end;
};

/** The end of `e3`, `E+3`, `e-3`; `from` itself if there is no exponent. */
const exponentEnd = (text: string, from: number): number => {
  if (text.charAt(from).toLowerCase() !== 'e') return from;
  const digits = '+-'.includes(text.charAt(from + 1) || ' ') ? from + 2 : from + 1;
  const end = after(text, digits, isDigit);
  return end > digits ? end : from;
};

const wrongUnit = (text: string, number: string, unit: string): Malformed => {
  const name = unit.toLowerCase();
  if (name === 'cpu' || name === 'memory')
    return malformed(`${text} is not a number: write ${number}*${name}`);
  return malformed(`${text} is not a number or a quantity: units are ${UNITS.join(', ')} and %`);
};

interface Glued {
  /** Digits without the point. */
  digits: string;
  /** How many of them stand after the point. */
  decimals: number;
  exponent: string;
  /** What follows without a space; `%` is not part of it. */
  unit: string;
  /** Number, exponent and unit. */
  text: string;
}

/** All that is glued together from `at` on: nothing of it is left behind unread. */
const glued = (text: string, at: number): Glued => {
  const whole = after(text, at, isDigit);
  const fraction = text.charAt(whole) === '.' ? after(text, whole + 1, isDigit) : whole;
  const decimals = text.slice(whole + 1, fraction);
  const exponent = exponentEnd(text, fraction);
  const end = after(text, exponent, (char) => isWord(char) || char === '.');
  return {
    digits: text.slice(at, whole) + decimals,
    decimals: decimals.length,
    exponent: text.slice(fraction + 1, exponent),
    unit: text.slice(exponent, end),
    text: text.slice(at, end),
  };
};

const quantity = ({ exponent, unit, text }: Glued): Token | Malformed => {
  const value = exponent === '' && UNITS.includes(unit) ? parseQuantity(text) : undefined;
  return value === undefined
    ? wrongUnit(text, text.slice(0, text.length - unit.length), unit)
    : { kind: 'quantity', value, text };
};

const number = ({ digits, decimals, exponent, text }: Glued, isPercent: boolean): Token | Malformed => {
  const power = Number(exponent);
  if (Math.abs(power) > MAX_EXPONENT)
    return malformed(`${text}: an exponent is between -${MAX_EXPONENT} and ${MAX_EXPONENT}`);
  const value = decimal(BigInt(digits), power - decimals - (isPercent ? 2 : 0));
  return { kind: 'number', value, text: isPercent ? `${text}%` : text };
};

const scanNumber = (text: string, at: number): Token | Malformed => {
  const all = glued(text, at);
  if (all.digits === '') return malformed(`${all.text} is not a number`);
  if (all.unit !== '') return quantity(all);
  return number(all, text.charAt(at + all.text.length) === '%');
};

const scan = (text: string, at: number): Token | Malformed => {
  const char = text.charAt(at);
  const sign = SIGNS.find((one) => one === char);
  if (sign !== undefined) return { kind: 'sign', text: sign };
  if (isDigit(char) || char === '.') return scanNumber(text, at);
  if (isLetter(char)) return { kind: 'name', text: text.slice(at, after(text, at, isWord)) };
  return malformed(`unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))}`);
};

/** Cuts the text into at most {@link MAX_TOKENS} tokens, or says where it is malformed. */
export const tokenize = (text: string): { kind: 'tokens'; tokens: Token[] } | Malformed => {
  if (text.length > MAX_CHARACTERS) return malformed(`longer than ${MAX_CHARACTERS} characters`);
  const tokens: Token[] = [];
  for (let at = after(text, 0, isSpace); at < text.length; ) {
    if (tokens.length === MAX_TOKENS) return malformed(`more than ${MAX_TOKENS} numbers, names and signs`);
    const token = scan(text, at);
    if (token.kind === 'malformed') return token;
    tokens.push(token);
    at = after(text, at + token.text.length, isSpace);
  }
  return { kind: 'tokens', tokens };
};
