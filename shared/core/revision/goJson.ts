import { isRecord } from '../../model/json.ts';

/** A Go `map`: its keys are written sorted. Plain objects stand for Go structs and keep their order. */
export type GoMap = ReadonlyMap<string, unknown>;

/** A value that is written as this text: a number that keeps its form (`1.50`). */
export class Literal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A JSON value whose objects are Go maps at every level. */
export const asMaps = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asMaps);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, asMaps(item)]));
  if (!isRecord(value)) return value;
  return new Map(Object.entries(value).map(([key, item]) => [key, asMaps(item)]));
};

const ESCAPED = /[<>&\u2028\u2029]/g;

const text = (value: string): string =>
  JSON.stringify(value).replace(
    ESCAPED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const byKey = ([left]: [string, unknown], [right]: [string, unknown]): number => (left < right ? -1 : 1);

const members = (entries: [string, unknown][]): string => {
  const written = entries.filter(([, value]) => value !== undefined);
  return `{${written.map(([key, value]) => `${text(key)}:${goJson(value)}`).join(',')}}`;
};

/** The text that Go's `encoding/json` gives: no spaces, `<`, `>`, `&`, U+2028 and U+2029 escaped, map keys sorted. */
export const goJson = (value: unknown): string => {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (value instanceof Map) return members([...value].sort(byKey));
  if (value instanceof Literal) return value.text;
  if (isRecord(value)) return members(Object.entries(value));
  return value === undefined ? 'null' : String(value);
};
