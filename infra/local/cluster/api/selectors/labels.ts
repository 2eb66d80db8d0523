/** The `labelSelector` query parameter: `=`, `==`, `!=`, `in`, `notin`, `>`, `<`, `key`, `!key`, joined by commas. */
import { badRequest } from '../errors.ts';
import type { ApiObject } from '../objects.ts';
import { type Token, tokens } from './lexer.ts';
import { keyComplaints, valueComplaints } from './qualified.ts';

type Labels = Record<string, string>;
type Condition = (labels: Labels) => boolean;

const unparsable = (why: string) => badRequest(`unable to parse requirement: ${why}`);

const unexpected = ({ text }: Token, expected: string) =>
  unparsable(`found '${text}', expected: ${expected}`);

const checkKey = (key: string): string => {
  const [complaint] = keyComplaints(key);
  if (complaint) throw unparsable(`<nil>: Invalid value: ${JSON.stringify(key)}: ${complaint}`);
  return key;
};

const checkValue = (key: string, value: string, index: number): string => {
  const [complaint] = valueComplaints(value);
  if (complaint)
    throw unparsable(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${complaint}`);
  return value;
};

const INTEGER = /^[+-]?\d+$/;

const bound = (value: string): number => {
  if (!INTEGER.test(value))
    throw unparsable(
      `values[0]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
    );
  return Number(value);
};

const has = (labels: Labels, key: string): boolean => Object.hasOwn(labels, key);

const compared =
  (key: string, holds: (value: number) => boolean): Condition =>
  (labels) =>
    INTEGER.test(labels[key] ?? '') && has(labels, key) && holds(Number(labels[key]));

const oneOf = (key: string, values: string[], wanted: boolean): Condition => {
  for (const [index, value] of values.entries()) checkValue(key, value, index);
  return (labels) => (has(labels, key) && values.includes(labels[key] ?? '')) === wanted;
};

/** Reads tokens from front to back. */
const createReader = (text: string) => {
  const rest = tokens(text);
  const peek = (): Token => rest[0] ?? { kind: 'end', text: '' };
  const next = (): Token => rest.shift() ?? { kind: 'end', text: '' };
  const is = (symbol: string): boolean => peek().kind === 'symbol' && peek().text === symbol;
  return { peek, next, is };
};

type Reader = ReturnType<typeof createReader>;

/** A word, or nothing before a comma or the end. */
const readValue = ({ peek, next, is }: Reader): string => {
  if (peek().kind === 'end' || is(',')) return '';
  const token = next();
  if (token.kind !== 'word') throw unexpected(token, 'identifier');
  return token.text;
};

const readValues = (reader: Reader): string[] => {
  const open = reader.next();
  if (open.text !== '(') throw unexpected(open, "'('");
  const values = [''];
  for (let token = reader.next(); token.text !== ')'; token = reader.next()) {
    if (token.text === ',') values.push('');
    else if (token.kind === 'word' && values.at(-1) === '') values[values.length - 1] = token.text;
    else throw unexpected(token, "',' or ')'");
  }
  return values;
};

const operation = (reader: Reader, key: string): Condition => {
  const operator = reader.next();
  switch (operator.text) {
    case 'in':
    case 'notin':
      return oneOf(key, readValues(reader), operator.text === 'in');
    case '=':
    case '==':
    case '!=':
      return oneOf(key, [readValue(reader)], operator.text !== '!=');
    case '>':
    case '<': {
      const limit = bound(readValue(reader));
      return compared(key, (value) => (operator.text === '>' ? value > limit : value < limit));
    }
    default:
      throw unexpected(operator, 'in, notin, =, ==, !=, gt, lt');
  }
};

const requirement = (reader: Reader): Condition => {
  const negated = reader.is('!');
  if (negated) reader.next();
  const token = reader.next();
  if (token.kind !== 'word') throw unexpected(token, 'identifier');
  const key = checkKey(token.text);
  if (negated) return (labels) => !has(labels, key);
  if (reader.peek().kind === 'end' || reader.is(',')) return (labels) => has(labels, key);
  return operation(reader, key);
};

const isStart = ({ peek, is }: Reader): boolean => peek().kind === 'word' || is('!');

const conditions = (reader: Reader): Condition[] => {
  const found: Condition[] = [];
  while (true) {
    if (!isStart(reader))
      throw badRequest(`found '${reader.peek().text}', expected: !, identifier, or 'end of string'`);
    found.push(requirement(reader));
    const separator = reader.next();
    if (separator.kind === 'end') return found;
    if (separator.text !== ',')
      throw badRequest(`found '${separator.text}', expected: ',' or 'end of string'`);
    if (!isStart(reader)) throw badRequest(`found '${reader.peek().text}', expected: identifier after ','`);
  }
};

/** Throws a 400 on anything that it can't read; an empty selector holds for all. */
export const parseLabelSelector = (text: string): ((object: ApiObject) => boolean) => {
  if (text.trim() === '') return () => true;
  const all = conditions(createReader(text));
  return ({ metadata }) => all.every((holds) => holds(metadata.labels ?? {}));
};
